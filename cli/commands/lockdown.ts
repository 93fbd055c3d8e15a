import { randomUUID } from 'node:crypto';
import type { LockdownPreviewView, LockdownView } from '#core/api/lockdown-views.ts';
import { commandName } from '#core/command-name.ts';
import { openSession, type Session } from '../api.ts';
import { askText, choose } from '../ask.ts';
import { type Context, plain, succeed } from '../context.ts';
import { usage } from '../failure.ts';
import { leftOff, listOf, pagesOf } from '../pages.ts';
import { when } from '../show.ts';

export type LockdownOptions = { reason?: string; yes?: boolean };

const example = `For example: \`${commandName} lockdown person alice --reason "laptop stolen"\`.`;

/** `lockdown` lists; `lockdown person alice` locks down; `lockdown lift person alice` lifts. */
export const run = async (context: Context, words: readonly string[], options: LockdownOptions): Promise<void> => {
  const [first, ...rest] = words;
  if (first === undefined || first === 'list') return list(context);
  const lifting = first === 'lift';
  const [kind, name, ...others] = lifting ? rest : words;
  if (kind === undefined || name === undefined || others.length > 0) {
    throw usage('Say what: person NAME, role ACCOUNT/NAME or account NAME.', example);
  }
  const session = await openSession(context);
  return lifting ? lift(context, session, { kind, name }, options) : begin(context, session, { kind, name }, options);
};

type Named = { kind: string; name: string };

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const previewLines = (preview: LockdownPreviewView): string[] => {
  const { what, grants, sessions, waiting, people, approvers, atLeast = false } = preview;
  const names = (listed: LockdownPreviewView['people']): string => listed.map(({ name }) => plain(name)).join(', ');
  return [
    `Locking down ${plain(what)} ends ${counted(grants, 'grant')} with ${counted(sessions, 'live session')} and closes ${counted(waiting, 'waiting request')}${atLeast ? ', and whatever else there is: only the newest were counted' : ''}.`,
    ...(people.length > 0 ? [`Whose: ${names(people)}${atLeast ? ', and perhaps others' : ''}.`] : []),
    ...(approvers.length > 0 ? [`Those who approve or lift lose their own access with it: ${names(approvers)}.`] : []),
    'Nothing begins under it until somebody lifts it; nothing lifts it by itself.',
  ];
};

const reasonOf = async (context: Context, { reason }: LockdownOptions): Promise<string> => {
  if (reason !== undefined) return reason;
  if (context.interactive && !context.json) return askText('Why?');
  throw usage('Say why, with --reason.', example);
};

/** Somebody who sits before it is asked once more; a program says --yes. */
const confirm = async (context: Context, { yes }: LockdownOptions, question: string): Promise<boolean> => {
  if (yes === true) return true;
  if (!context.interactive || context.json) {
    throw usage('Nothing was done: it needs a confirmation.', 'Add --yes to go ahead.');
  }
  const answer = await choose(question, [
    { value: 'no', label: 'No, leave it as it is' },
    { value: 'yes', label: 'Yes' },
  ]);
  return answer === 'yes';
};

const begin = async (context: Context, session: Session, named: Named, options: LockdownOptions): Promise<void> => {
  const preview = await session.post<LockdownPreviewView>('/v1/lockdowns', named);
  for (const line of previewLines(preview)) context.say(line);
  const reason = await reasonOf(context, options);
  if (!(await confirm(context, options, `Lock down ${plain(preview.what)}?`))) {
    succeed(context, preview, ['Nothing was done.']);
    return;
  }
  const headers = { 'idempotency-key': randomUUID() };
  const lockdown = await session.post<LockdownView>('/v1/lockdowns', { ...named, reason, confirm: true }, headers);
  succeed(context, lockdown, [
    `${plain(lockdown.what)} is locked down. How far it is: \`${commandName} lockdown\`, and the alerts channel.`,
    `Lift it with \`${commandName} lockdown lift ${lockdown.subject}\`.`,
  ]);
};

const lift = async (context: Context, session: Session, named: Named, options: LockdownOptions): Promise<void> => {
  const reason = await reasonOf(context, options);
  const what = `${named.kind} ${plain(named.name)}`;
  if (!(await confirm(context, options, `Lift the lockdown of ${what}? It may be asked for again at once.`))) {
    succeed(context, named, ['Nothing was done.']);
    return;
  }
  const lockdown = await session.post<LockdownView>('/v1/lockdowns/lift', { ...named, reason });
  succeed(context, lockdown, [`The lockdown of ${plain(lockdown.what)} is lifted.`]);
};

const progress = ({ tally }: LockdownView): string[] => {
  if (!tally) return [];
  const { verified, grants, closed, failed, moreFailed = 0, roles, finishedAt } = tally;
  return [
    `  ${verified} of ${counted(grants, 'grant')} verified, ${counted(closed, 'request')} closed${roles.all > 0 ? `, ${roles.verified} of ${counted(roles.all, 'role')} denied` : ''}${finishedAt === undefined ? '; under way' : ''}`,
    ...(failed.length > 0
      ? [
          `  could not be ended yet, still trying: ${failed.join(', ')}${moreFailed > 0 ? ` and ${moreFailed} more` : ''}`,
        ]
      : []),
  ];
};

const list = async (context: Context): Promise<void> => {
  const session = await openSession(context);
  const pages = await pagesOf<{ lockdowns: LockdownView[]; next?: string }>(session, '/v1/lockdowns');
  const lockdowns = listOf(pages, (page) => page.lockdowns);
  const left = leftOff(pages);
  const nowMs = context.clock.nowMs();
  const lines = lockdowns.flatMap((lockdown) => [
    `${lockdown.subject}: by ${plain(lockdown.begunBy.name)} ${when(lockdown.begunAt, nowMs)}, ${plain(lockdown.reason)}`,
    ...progress(lockdown),
  ]);
  const more = left.next === undefined ? [] : ['and there are more'];
  succeed(context, { lockdowns, ...left }, lines.length > 0 ? [...lines, ...more] : ['Nothing is locked down.']);
};
