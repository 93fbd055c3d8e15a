import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Actors, actorsOn } from './actors.ts';
import { type ChildStack, startChild } from './child-stack.ts';
import { ended, grant, mint } from './people.ts';
import { type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts';

let slack: SlackStandIn;
let dataFolder: string;
let child: ChildStack;

/** Starts the stack on the same data as before. */
const start = async (dies?: string): Promise<Actors> => {
  child = await startChild({
    dataFolder,
    slackApiUrl: slack.url,
    ...(dies !== undefined && { preload: './test/e2e/die-revoking.ts', environment: { DAYPASS_TEST_DIES: dies } }),
  });
  return actorsOn({ appUrl: child.app, awsUrl: child.aws, dataFolder, slack, nowMs: Date.now });
};

beforeEach(async () => {
  slack = await startSlackStandIn();
  dataFolder = mkdtempSync(join(tmpdir(), 'daypass-crash-revocation-'));
});
afterEach(async () => {
  await child.kill();
  await slack.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

describe('a process that is killed between the end of a grant and the read-back', () => {
  it.each([
    'before the revocation is kept',
    'before the lease is taken',
    'before the deny is written',
    'after the deny was written',
    'before it is recorded',
    'before the end is saved',
  ])('%s: the credentials are dead once it is back', async (dies) => {
    const before = await start(dies);
    const { id } = await grant(before, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await before.login('U0ALICE');
    const credentials = await mint(before, alice, id);
    expect(await before.readOrder(credentials)).toBe('12345');
    await before.command('U0ALICE', `done ${id}`).catch(() => undefined);
    expect(await child.gone).toEqual([null, 'SIGKILL']);
    const after = await start();
    await ended(after, alice, id);
    expect(await after.readOrder(credentials)).toBe('AccessDeniedException');
  });
});
