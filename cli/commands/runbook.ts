import { commandName } from '#core/command-name.ts';
import type { Detection, Paragraph } from '#core/detection/detection.ts';
import { detectionNamed, detections } from '#core/detection/registry.ts';
import { closestTo } from '#core/policy/did-you-mean.ts';
import { type Context, succeed } from '../context.ts';
import { exits, Failure } from '../failure.ts';

const passage = (paragraphs: readonly Paragraph[]): string[] =>
  paragraphs.flatMap((paragraph) =>
    typeof paragraph === 'string' ? [paragraph] : ['', ...paragraph.run.map((line) => `    ${line}`), ''],
  );

const part = (label: string, paragraphs: readonly Paragraph[]): string[] => ['', label, ...passage(paragraphs)];

const entry = ({ id, severities, runbook }: Detection): string[] => [
  `${id} (${severities.join(' or ')})`,
  ...part('Means', [runbook.means]),
  ...part('Urgent', [runbook.urgent]),
  ...part('Check', runbook.check),
  ...part('Mend', runbook.mend),
  ...part('Mended when', [runbook.mendedWhen]),
];

/** No two empty lines together, and none at the end. */
const tidy = (lines: readonly string[]): string[] =>
  lines.filter((line, index) => line !== '' || (lines[index + 1] ?? '') !== '');

const listKinds = (context: Context): void => {
  const alerts = detections.map(({ id, severities, runbook }) => ({ id, severities, means: runbook.means }));
  const widest = Math.max(...alerts.map(({ id }) => id.length));
  const lines = alerts.map(({ id, means }) => `${id.padEnd(widest)}  ${means}`);
  succeed(context, { alerts }, lines);
};

const noSuch = (kind: string): Failure => {
  const kinds = detections.map(({ id }) => id);
  const meant = closestTo(kind, kinds);
  const hint = meant === undefined ? `\`${commandName} runbook\` lists them.` : `Did you mean ${meant}?`;
  return new Failure(exits.notFound, 'not-found', `There is no alert ${kind}.`, hint);
};

/** What to do about one kind of alert; all kinds, one a line, where none is named. */
export const run = (context: Context, kind: string | undefined): void => {
  if (kind === undefined) {
    listKinds(context);
    return;
  }
  const detection = detectionNamed(kind);
  if (!detection) throw noSuch(kind);
  const { id, severities, runbook } = detection;
  succeed(context, { id, severities, ...runbook }, tidy(entry(detection)));
};
