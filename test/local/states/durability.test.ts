import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { turnableClock } from '#local/clock.ts';
import type { Invoke } from '#local/states/invoker.ts';
import { approval, lease, task } from './machines.ts';
import { createRig, named, type Rig } from './rig.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'states-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (): DatabaseSync => new DatabaseSync(join(folder, 'states.sqlite'));

const never: Invoke = () => new Promise(() => {});
const tokenOf = (payload: unknown): string => String((payload as { token: unknown }).token);

describe('after the process died', () => {
  it('a task that was running runs again, with the same payload', async () => {
    const clock = turnableClock();
    const before = createRig({ db: open(), clock, invoke: never });
    before.deploy(task());
    const arn = await before.start({ id: 'r-1' });
    before.db.close();

    const after = createRig({ db: open(), clock, invoke: async (_, payload) => payload });
    after.states.resume();
    expect(await after.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: { id: 'r-1' } });
    expect((await after.types(arn)).filter((type) => type === 'TaskScheduled')).toHaveLength(1);
  });

  it('a token that was handed out still answers, and is handed out again while its function had not returned', async () => {
    const clock = turnableClock();
    const tokens: string[] = [];
    const before = createRig({
      db: open(),
      clock,
      invoke: async (_, payload) => {
        tokens.push(tokenOf(payload));
        return new Promise(() => {});
      },
    });
    before.deploy(approval());
    const arn = await before.start({ id: 'r-1' });
    before.db.close();

    const after = createRig({ db: open(), clock, invoke: async (_, payload) => void tokens.push(tokenOf(payload)) });
    after.states.resume();
    await clock.turn(0);
    expect(tokens).toHaveLength(2);
    expect(tokens[1]).toBe(tokens[0]);
    await after.call('SendTaskSuccess', { taskToken: tokens[0], output: '"yes"' });
    expect(await after.ended(arn)).toMatchObject({ output: 'yes' });
  });

  it('a function that had returned is not asked again, and an answer once given is not lost', async () => {
    const clock = turnableClock();
    const tokens: string[] = [];
    const invoke: Invoke = async (_, payload) => void tokens.push(tokenOf(payload));
    const before = createRig({ db: open(), clock, invoke });
    before.deploy(approval());
    const arn = await before.start({ id: 'r-1' });
    const answered = before.call('SendTaskSuccess', { taskToken: tokens[0], output: '"yes"' });
    before.db.close();
    await answered;

    const after = createRig({ db: open(), clock, invoke });
    after.states.resume();
    expect(await after.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'yes' });
    expect(tokens).toHaveLength(1);
  });

  it('a wait whose time passed meanwhile ends at once, and so does a token wait', async () => {
    const clock = turnableClock();
    const before = createRig({ db: open(), clock, invoke: async () => 'asked' });
    before.deploy({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 100, End: true } } });
    before.deploy(approval(), 'approval');
    const wait = await before.start();
    const token = await before.start({ id: 'r-1' }, 'run', 'approval');
    before.db.close();
    await clock.turn(3_600_000);

    const after = createRig({ db: open(), clock, invoke: never });
    after.states.resume();
    expect(await after.ended(wait)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await after.ended(token)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('an answer that comes after the deadline but before its timer is too late', async () => {
    const clock = turnableClock();
    let token = '';
    const invoke: Invoke = async (_, payload) => {
      token = tokenOf(payload);
    };
    const before = createRig({ db: open(), clock, invoke });
    before.deploy(approval());
    const arn = await before.start({ id: 'r-1' });
    before.db.close();
    await clock.turn(3_600_000);

    const after = createRig({ db: open(), clock, invoke: never });
    const late = after.call('SendTaskSuccess', { taskToken: token, output: '{}' });
    await expect(late).rejects.toMatchObject({ code: 'TaskTimedOut' });
    expect(await after.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('an execution goes on with the definition it started with; a new one has the new', async () => {
    const clock = turnableClock();
    const version = (output: string) => ({
      StartAt: 'Wait',
      States: { Wait: { Type: 'Wait', Seconds: 10, Next: 'Tell' }, Tell: { Type: 'Pass', Output: output, End: true } },
    });
    const before = createRig({ db: open(), clock });
    before.deploy(version('old'));
    const old = await before.start({}, 'old');
    before.db.close();

    const after = createRig({ db: open(), clock });
    after.deploy(version('new'));
    after.states.resume();
    const fresh = await after.start({}, 'fresh');
    await clock.turn(10_000);
    expect(await after.describe(old)).toMatchObject({ output: 'old' });
    expect(await after.describe(fresh)).toMatchObject({ output: 'new' });
  });

  it('a status event that was not published is', async () => {
    const clock = turnableClock();
    const before = createRig({ db: open(), clock, publish: () => new Promise(() => {}) });
    before.deploy({ StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } });
    await before.start();
    before.db.close();

    const after = createRig({ db: open(), clock });
    after.states.resume();
    await clock.turn(0);
    expect(after.published.map(({ detail }) => detail.status)).toEqual(['RUNNING', 'SUCCEEDED']);
  });
});

describe('stopping', () => {
  it('waits for functions that heed the signal, whose tasks run again at the next start', async () => {
    const clock = turnableClock();
    const before = createRig({
      db: open(),
      clock,
      invoke: (_name, _payload, signal) =>
        new Promise((_, refuse) => signal.addEventListener('abort', () => refuse(named('Aborted')))),
    });
    before.deploy(task());
    const arn = await before.start({ id: 'r-1' });
    await before.states.stop();
    before.db.close();

    const after = createRig({ db: open(), clock, invoke: async () => 'done' });
    after.states.resume();
    expect(await after.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'done' });
  });
});

/** Closes itself after so many commits, or in the middle of the transaction after them: what a kill leaves behind. */
class DyingDatabase extends DatabaseSync {
  commitsLeft = Number.POSITIVE_INFINITY;
  dieBefore = false;
  override prepare(sql: string) {
    const statement = super.prepare(sql);
    if (sql !== 'COMMIT') return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      const isLast = --this.commitsLeft <= 0;
      if (isLast && this.dieBefore) this.close();
      const result = run();
      if (isLast) this.close();
      return result;
    };
    return statement;
  }
}

describe('law', () => {
  /** What the outside does: the function fails once, the approver answers as soon as asked. */
  const world = (clock: ReturnType<typeof turnableClock>) => {
    let rig: Rig | undefined;
    let activations = 0;
    /** Again every second until it is acknowledged, or an earlier try was. */
    const answer = (taskToken: string): void => {
      const again = (): void => answer(taskToken);
      clock.at(clock.nowMs() + 1000, () => {
        rig
          ?.call('SendTaskSuccess', { taskToken, output: '{"approved":true,"seconds":20}' })
          .catch((error: unknown) => Object(error).code === 'TaskTimedOut' || again());
      });
    };
    const invoke: Invoke = async (name, payload) => {
      if (name === 'ask') {
        answer(tokenOf(payload));
        return 'asked';
      }
      if (name === 'activate') {
        if (++activations === 1) throw named('StoreUnavailable');
        return 'active';
      }
      return (payload as { role: string }).role.toUpperCase();
    };
    return {
      invoke,
      use: (next: Rig): Rig => {
        rig = next;
        return next;
      },
    };
  };

  const expected = {
    status: 'SUCCEEDED',
    output: { revoked: 3, seconds: 20, list: ['ROLE-A', 'ROLE-B', 'ROLE-C'] },
  };

  it('whenever and however often the process dies, the execution comes to the same end', async () => {
    const deaths = fc.array(fc.record({ commits: fc.integer({ min: 1, max: 30 }), dieBefore: fc.boolean() }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(deaths, async (plan) => {
        const file = join(folder, `${Math.random()}.sqlite`);
        const clock = turnableClock();
        const { invoke, use } = world(clock);
        const first = use(createRig({ db: new DatabaseSync(file), clock, invoke }));
        first.deploy(lease);
        first.db.close();
        let isStarted = false;
        for (const { commits, dieBefore } of plan) {
          const db = new DyingDatabase(file);
          const rig = use(createRig({ db, clock, invoke }));
          Object.assign(db, { commitsLeft: commits, dieBefore });
          try {
            rig.states.resume();
            if (!isStarted) await rig.start();
            isStarted = true;
          } catch {
            // Died within StartExecution: it was not acknowledged, so the caller starts it again.
          }
          for (let second = 0; second < 40 && db.isOpen; second++) await clock.turn(1000);
          if (db.isOpen) db.close();
        }
        const rig = use(createRig({ db: new DatabaseSync(file), clock, invoke }));
        rig.states.resume();
        await clock.turn(0);
        if (rig.states.executions().length === 0) await rig.start();
        await clock.turn(1000);
        await clock.turn(60_000);
        const end = await rig.describe('arn:aws:states:us-east-1:111111111111:execution:machine:run');
        rig.db.close();
        expect(end).toMatchObject(expected);
      }),
      { numRuns: 100 },
    );
  });
});
