import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { examine } from '#cli/doctor/examine.ts';
import { awsFilesIn, type DoctorOptions, installationOf } from '#cli/doctor/installation.ts';
import type { Line } from '#cli/doctor/report.ts';
import { startStack } from '#local/stack.ts';
import { startDoctorSlack } from './doctor-slack.ts';

type Given = { env?: Record<string, string>; aheadMs?: number; options?: DoctorOptions; api?: string };

export const named = ({ status, area, title, aspect }: Line): string =>
  `${status}: ${area}, ${aspect === undefined ? title : `${title} ${aspect}`}`;

export const ailing = (lines: readonly Line[]): Line[] => lines.filter(({ status }) => status !== 'ok');

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A running stack with its AWS profiles, a Slack that can be broken, and the doctor to look at both. */
export const openDoctorWorld = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-doctor-'));
  const data = join(folder, 'data');
  const stack = await startStack({
    port: 0,
    awsPort: 0,
    policyPath: 'access.yaml',
    dataFolder: data,
    log: () => quiet,
  });
  const slack = await startDoctorSlack(stack.slack.botToken);
  for (const [name, value] of Object.entries(awsFilesIn(data))) vi.stubEnv(name, value);

  const doctor = async ({
    env = {},
    aheadMs = 0,
    options = {},
    api = stack.appUrl,
  }: Given = {}): Promise<readonly Line[]> => {
    const clock = { nowMs: () => Date.now() + aheadMs };
    const given = { env: { SLACK_API_URL: slack.url, DAYPASS_HOME: folder, ...env }, clock, api };
    return examine(await installationOf(given, { local: data, ...options }), new AbortController().signal);
  };

  return {
    folder,
    data,
    stack,
    slack,
    doctor,
    /** Settings for any SDK client, as the administrator of an account. */
    as: (account: 'hub' | 'production') => ({
      profile: `${account}-admin`,
      region: 'us-east-1',
      endpoint: stack.awsUrl,
    }),
    /** Expects that the doctor finds this and nothing else. Returns what it says to do about the first of them. */
    finds: async (what: string | string[], words: RegExp, todo: RegExp, given?: Given): Promise<string> => {
      const found = ailing(await doctor(given));
      expect(found.map(named)).toEqual([what].flat());
      const [first] = found;
      expect(first?.found).toMatch(words);
      const remedy = first && 'todo' in first ? first.todo : '';
      expect(remedy).toMatch(todo);
      return remedy;
    },
    isWell: async (): Promise<void> => expect(ailing(await doctor()).map(named)).toEqual([]),
    close: async (): Promise<void> => {
      vi.unstubAllEnvs();
      await slack.stop();
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type DoctorWorld = Awaited<ReturnType<typeof openDoctorWorld>>;
