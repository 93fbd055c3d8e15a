import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { type Actors, actorsOn, type Credentials } from './actors.ts';
import { type ChildStack, startChild } from './child-stack.ts';
import { ended, grant, mint } from './people.ts';
import { startSlackStandIn } from './slack-stand-in.ts';

/** Longer than a dead writer has its lease. So much later it is each time, by the clock of the process that is back. */
const awayMs = 16_000;

const houses: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(houses.splice(0).map((house) => house.close()));
});

/** A stack as a process that dies at a chosen call and is started again on the same data. */
const openHouse = async () => {
  const slack = await startSlackStandIn();
  const folder = mkdtempSync(join(tmpdir(), 'daypass-crash-revocation-'));
  const [dataFolder, file] = [join(folder, 'data'), join(folder, 'dies-at')];
  let child: ChildStack;
  let starts = 0;
  const start = async (): Promise<Actors> => {
    const aheadMs = awayMs * starts++;
    child = await startChild({
      dataFolder,
      slackApiUrl: slack.url,
      preload: './test/e2e/die-at-call.ts',
      environment: { DAYPASS_TEST_DIES_AT: file, DAYPASS_TEST_AHEAD_MS: String(aheadMs) },
    });
    return actorsOn({ appUrl: child.app, awsUrl: child.aws, dataFolder, slack, nowMs: () => Date.now() + aheadMs });
  };
  let people = await start();
  houses.push({
    close: async () => {
      await child.kill();
      await slack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });

  const calls = (): string[] => (existsSync(`${file}.calls`) ? readFileSync(`${file}.calls`, 'utf8').split('\n') : []);
  const alice = await people.login('U0ALICE');
  const bobs = await grant(people, 'U0BOB', 'orders-read 1h fixing INC-43');
  const bob = await mint(people, await people.login('U0BOB'), bobs.id);

  /** Alice has credentials that work, and is done. What is done for her from then on is heard. */
  const endOne = async (word: string): Promise<{ id: string; credentials: Credentials }> => {
    const { id } = await grant(people, 'U0ALICE', 'orders-read 1h fixing INC-42');
    const credentials = await mint(people, alice, id);
    expect(await people.readOrder(credentials)).toBe('12345');
    rmSync(`${file}.calls`, { force: true });
    writeFileSync(file, word);
    await people.command('U0ALICE', `done ${id}`).catch(() => undefined);
    return { id, credentials };
  };
  /** Alice's credentials are dead, verified, and Bob's on the same role are not. */
  const isOver = async ({ id, credentials }: { id: string; credentials: Credentials }): Promise<void> => {
    await ended(people, alice, id);
    expect(await people.readOrder(credentials)).toBe('AccessDeniedException');
    expect(await people.readOrder(bob)).toBe('12345');
  };

  return {
    /** The calls from the end of a grant to where it is known to have ended, in order. */
    recorded: async (): Promise<string[]> => {
      const grant = await endOne('none');
      await isOver(grant);
      const told = 'revoke-sessions events:PutEvents 1';
      await until(told, () => calls().includes(told));
      writeFileSync(file, '');
      // Somebody else may read the role once more with the same revoker: restore-deny hears of the write.
      const onTheWay = calls().filter((call) =>
        /^(slack-events|open-gate|revoke-sessions|revoker .* [12]$)/.test(call),
      );
      return onTheWay.slice(onTheWay.indexOf('slack-events events:PutEvents 1'), onTheWay.indexOf(told) + 1);
    },
    /** Ends a grant, dies before this call, comes back. */
    diesBefore: async (call: string): Promise<void> => {
      if (call.includes('sts:')) {
        // The session of the revoker is kept, so only a process that has not revoked yet asks for it.
        await child.kill();
        people = await start();
      }
      let signal: unknown;
      void child.gone.then(([, of]) => {
        signal = of;
      });
      const grant = await endOne(call);
      expect(await until(`the process to die before ${call}`, () => signal)).toBe('SIGKILL');
      writeFileSync(file, '');
      people = await start();
      await isOver(grant);
    },
  };
};

describe('a process that is killed between the end of a grant and the read-back', () => {
  it('before whichever of its calls to AWS: the credentials are dead once it is back, and another person’s live on', async () => {
    const [one, other] = await Promise.all([openHouse(), openHouse()]);
    const calls = await one.recorded();
    expect(calls).toEqual(
      expect.arrayContaining([
        'open-gate states:SendTaskSuccess 1',
        // With the revocation that waits.
        'revoke-sessions dynamodb:UpdateItem LEASE 1',
        'revoke-sessions sts:AssumeRole 1',
        'revoke-sessions dynamodb:PutItem LEDGER 1',
        'revoker iam:PutRolePolicy 1',
        // The read-back.
        'revoker iam:GetRolePolicy 2',
        // The record of it, with what waits no more.
        'revoke-sessions dynamodb:UpdateItem LEDGER 1',
      ]),
    );
    const through = async (house: typeof one, half: number): Promise<void> => {
      for (const call of calls.filter((_, index) => index % 2 === half)) await house.diesBefore(call);
    };
    await Promise.all([through(one, 0), through(other, 1)]);
  }, 600_000);
});
