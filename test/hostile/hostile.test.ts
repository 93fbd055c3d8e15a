import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actions } from '#slack/render/buttons.ts';
import { modals } from '#slack/render/modals.ts';
import { playOn } from './play.ts';
import { openStage, type Stage } from './stage.ts';

/**
 * `HOSTILE_RUNS`: how many payloads instead of 1,500. `HOSTILE_SEED`: others. `HOSTILE_PATH`: the one that a failure
 * has printed.
 */
const { HOSTILE_RUNS = '1500', HOSTILE_SEED = '20261122', HOSTILE_PATH } = process.env;
const parameters = {
  numRuns: Number(HOSTILE_RUNS),
  seed: Number(HOSTILE_SEED),
  ...(HOSTILE_PATH !== undefined && { path: HOSTILE_PATH }),
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heapMb = async (): Promise<number> => {
  // What was let go of in this turn is free in the next.
  await new Promise((turn) => setImmediate(turn));
  collect();
  return process.memoryUsage().heapUsed / 1024 ** 2;
};

it('each as it really is does what it is for, for somebody', async () => {
  const { play, real } = await playOn(stage);
  const names = new Set<string>();
  const answered = new Set<string>();
  const moved = new Set<string>();
  for (const given of real) {
    const { name, status, changed, wrong } = await play(given);
    expect({ name, given, wrong }).toEqual({ name, given, wrong: [] });
    names.add(name);
    if (status < 300) answered.add(name);
    if (changed) moved.add(name);
  }
  expect([...names]).toEqual(expect.arrayContaining(Object.values(actions).map((id) => `click ${id}`)));
  expect([...names]).toEqual(expect.arrayContaining(Object.values(modals).map((id) => `submit ${id}`)));
  expect([...names].filter((name) => !answered.has(name))).toEqual([]);
  expect([...names].filter((name) => !moved.has(name)).sort()).toEqual([
    'GET /v1/entitlements',
    'GET /v1/lockdowns',
    'GET /v1/lockdowns/{id}',
    'GET /v1/requests',
    'GET /v1/requests/{id}',
    'GET /v1/whoami',
    'click extension.deny',
    'command ',
    'command help',
    'command list',
    'command lockdown',
    'command login',
  ]);
});

it('whatever Slack signs or a program sends gets an answer, moves what its sender may and names, and leaves nothing in memory', async () => {
  const { play, any } = await playOn(stage);
  const heap: number[] = [];
  const count = { played: 0, answered: 0, moved: 0 };
  const details = await fc.check(
    fc.asyncProperty(any, async (given) => {
      const { name, status, changed, wrong } = await play(given);
      if (++count.played % 250 === 0) heap.push(await heapMb());
      if (status < 300) count.answered++;
      if (changed) count.moved++;
      if (wrong.length > 0) throw new Error(`${name} (${status}): ${wrong.join('; ')}`);
    }),
    parameters,
  );
  const report = details.failed ? `${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}` : 'holds';
  expect(report).toBe('holds');
  if (HOSTILE_PATH !== undefined) return;
  console.info(JSON.stringify({ ...count, heapMb: heap.map(Math.round) }));
  // Enough of them got past the gate, and had some right: what is refused at the door proves little.
  expect(count.answered).toBeGreaterThan(count.played / 3);
  expect(count.moved).toBeGreaterThan(count.played / 20);
  const [, warm = 0] = heap;
  expect(heap.at(-1)).toBeLessThan(warm + 8);
}, 3_600_000);
