import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { type Actors, actorsOn } from './actors.ts';
import { type ChildStack, startChild } from './child-stack.ts';
import { ask, ended, grant, mint, statusOf } from './people.ts';
import { type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts';

let slack: SlackStandIn;
let dataFolder: string;
let child: ChildStack;

/** Starts the stack on the same data as before. */
const start = async (preload?: string): Promise<Actors> => {
  child = await startChild({ dataFolder, slackApiUrl: slack.url, ...(preload !== undefined && { preload }) });
  return actorsOn({ appUrl: child.app, awsUrl: child.aws, dataFolder, slack, nowMs: Date.now });
};

beforeEach(async () => {
  slack = await startSlackStandIn();
  dataFolder = mkdtempSync(join(tmpdir(), 'daypass-crash-'));
});
afterEach(async () => {
  await child.kill();
  await slack.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

const denyOf = async (actors: Actors): Promise<string> => {
  const { iam } = actors.profile('production-admin');
  const named = { RoleName: 'daypass-jit-orders-admin', PolicyName: 'AWSRevokeOlderSessions' };
  return decodeURIComponent((await iam.send(new GetRolePolicyCommand(named))).PolicyDocument ?? '');
};

describe('a process that is killed', () => {
  it('while an approval is pending goes on: the card that is there still works', async () => {
    const before = await start();
    const { card, id } = await ask(before, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await child.kill();
    const after = await start();
    await after.click('U0BOB', card, 'Approve');
    await until('a live grant', () => card.text.includes('Active'));
    const alice = await after.login('U0ALICE');
    expect(await after.readOrder(await mint(after, alice, id))).toBe('12345');
    expect(after.cards('C0ACCESS')).toHaveLength(1);
  });

  it('while a grant is live goes on: the same credentials work, and end when they should', async () => {
    const before = await start();
    const { id } = await grant(before, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await before.login('U0ALICE');
    const credentials = await mint(before, alice, id);
    await child.kill();
    const after = await start();
    expect(await after.readOrder(credentials)).toBe('12345');
    await after.command('U0ALICE', `done ${id}`);
    await ended(after, alice, id);
    expect(await after.readOrder(credentials)).toBe('AccessDeniedException');
  });

  it('over the end of a grant ends it at once when it is back', async () => {
    const before = await start();
    const { id } = await grant(before, 'U0ALICE', 'orders-admin 5s fixing INC-42', 'U0BOB');
    const overAt = Date.now() + 5_000;
    const alice = await before.login('U0ALICE');
    const credentials = await mint(before, alice, id);
    await child.kill();
    await until('the end of the grant', () => Date.now() > overAt);
    const after = await start();
    await ended(after, alice, id);
    expect(await after.readOrder(credentials)).toBe('AccessDeniedException');
    expect(await denyOf(after)).toContain(id);
  });

  it('between STS and the database has the session on record, so that ending the grant denies it', async () => {
    const before = await start('./test/e2e/die-after-sts.ts');
    const { id } = await grant(before, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await before.login('U0ALICE');
    await expect(mint(before, alice, id)).rejects.toThrow('fetch failed');
    expect(await child.gone).toEqual([null, 'SIGKILL']);
    const after = await start();
    expect(await statusOf(after, alice, id)).toBe('active');
    await after.command('U0ALICE', `done ${id}`);
    await ended(after, alice, id);
    expect(await denyOf(after)).toContain(id);
  });

  it('at any moment of the loop loses nothing that was answered', async () => {
    let actors = await start();
    const answered: boolean[] = [];
    // The last is killed as soon as it has answered, so that there is something to lose.
    for (const delayMs of [0, 3, 10, 25, undefined]) {
      const { card, id } = await ask(actors, 'U0ALICE', 'orders-admin 1h fixing INC-42');
      const clicked = actors.click('U0BOB', card, 'Approve').then(
        ({ status }) => status === 200,
        () => false,
      );
      const deadline = performance.now() + (delayMs ?? 0);
      await (delayMs === undefined ? clicked : until('the moment', () => performance.now() >= deadline));
      await child.kill();
      const isAnswered = await clicked;
      answered.push(isAnswered);
      actors = await start();
      // What was answered is there without anybody's doing; what was not can be done again, and is done once.
      if (!isAnswered) await actors.click('U0BOB', card, 'Approve');
      await until('a live grant', () => card.text.includes('Active'));
      expect(await statusOf(actors, await actors.login('U0ALICE'), id)).toBe('active');
    }
    expect(answered.at(-1)).toBe(true);
  });
});
