import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { type Actors, actorsOn } from './actors.ts';
import { type ChildStack, startChild } from './child-stack.ts';
import { approveExtension, endOf, extend, historyOf, replyAbout, statesIn, viewOf } from './extensions.ts';
import { ended, grant, mint } from './people.ts';
import { type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts';

const hourMs = 3_600_000;

let slack: SlackStandIn;
let dataFolder: string;
let child: ChildStack;

/** Starts the stack on the same data as before, as if it had been down for so long. */
const start = async (aheadMs = 0): Promise<Actors> => {
  child = await startChild({
    dataFolder,
    slackApiUrl: slack.url,
    main: 'test/e2e/stack-ahead.ts',
    environment: { DAYPASS_TEST_AHEAD_MS: String(aheadMs) },
  });
  const nowMs = () => Date.now() + aheadMs;
  return actorsOn({ appUrl: child.app, awsUrl: child.aws, dataFolder, slack, nowMs });
};

beforeEach(async () => {
  slack = await startSlackStandIn();
  dataFolder = mkdtempSync(join(tmpdir(), 'daypass-extension-crash-'));
});
afterEach(async () => {
  await child.kill();
  await slack.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

/** Alice's grant of an hour, for which an hour more is asked. */
const asked = async (before: Actors) => {
  const { id } = await grant(before, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
  const alice = await before.login('U0ALICE');
  const firstEnd = await endOf(before, alice, id);
  const credentials = await mint(before, alice, id);
  const extensionId = await extend(before, alice, id, '1h');
  // As it stands before it is answered: its buttons are clicked later, when they are gone.
  const reply = structuredClone(await replyAbout(before, extensionId));
  return { id, alice, firstEnd, credentials, extensionId, reply };
};

describe('a process that is killed', () => {
  it('while an extension waits, and again once it is granted, ends the grant at the new end by itself', async () => {
    const { id, alice, firstEnd, credentials, extensionId } = await asked(await start());
    await child.kill();
    const second = await start();
    expect((await viewOf(second, alice, id)).extensions).toMatchObject([{ status: 'waiting' }]);
    await approveExtension(second, extensionId, 'U0BOB');
    await child.kill();

    const later = await start(firstEnd - Date.now() + hourMs / 2);
    expect(await endOf(later, alice, id)).toBe(firstEnd + hourMs);
    await until('a wait for the new end', async () => {
      const states = statesIn(await historyOf(later, id));
      return states.filter((name) => name === 'AwaitEnd').length === 2 && states.at(-1) === 'AwaitEnd';
    });
    expect(await later.readOrder(credentials)).toMatch(/^(ExpiredToken|AccessDenied)Exception$/);
    const again = await mint(later, alice, id);
    expect(await later.readOrder(again)).toBe('12345');
    await child.kill();

    const last = await start(firstEnd + hourMs - Date.now() - 4000);
    await ended(last, alice, id);
    const { end } = await viewOf(last, alice, id);
    expect(end?.reason).toBe('expired');
    expect(Date.parse(end?.at ?? '')).toBeGreaterThanOrEqual(firstEnd + hourMs);
    expect(await last.readOrder(again)).toMatch(/^(ExpiredToken|AccessDenied)Exception$/);
    const states = statesIn(await historyOf(last, id));
    expect(states.at(-1)).toBe('RevokeSessions');
    expect(states.filter((name) => name === 'AwaitEnd')).toHaveLength(2);
  });

  it('while an extension waits, and is back after the end, has ended the grant there', async () => {
    const { id, alice, firstEnd, credentials, reply } = await asked(await start());
    await child.kill();
    const after = await start(firstEnd - Date.now() + 1000);
    await ended(after, alice, id);
    await after.click('U0BOB', reply, 'Approve');
    await until('a word to Bob', () =>
      slack.ephemerals.some(({ user, text }) => user === 'U0BOB' && text.includes('The grant ended before your vote')),
    );
    expect((await viewOf(after, alice, id)).extensions).toMatchObject([{ status: 'lapsed' }]);
    expect(await after.readOrder(credentials)).toMatch(/^(ExpiredToken|AccessDenied)Exception$/);
  });
});
