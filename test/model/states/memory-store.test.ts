import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openStore, type Store } from '#local/states/store.ts';
import { anyCommands } from '../check.ts';
import { createGround } from '../world.ts';
import { type Deployed, type MemoryStore, memoryStore } from './memory-store.ts';

type Method = (...args: unknown[]) => unknown;

/** Of a write the one answers with the id of the last row, the other with nothing: only these ids are used. */
const isAnswer = (method: string): boolean =>
  method === 'insertExecution' || method === 'addThread' || !/^(save|end|set|delete|close|add)/.test(method);

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** Each call goes to both. `heard` has, for each method that answers, the first two answers that differ, if any do. */
const twin = (deployed: Deployed, heard: Map<string, [unknown, unknown] | undefined>): MemoryStore => {
  const ours = memoryStore(deployed);
  const theirs: Store = openStore(new DatabaseSync(':memory:'));
  for (const [digest, { body }] of deployed.definitions) theirs.saveDefinition(digest, body);
  for (const { arn, name, account, digest, createdMs } of deployed.machines.values()) {
    theirs.saveMachine(arn, name, account, digest, createdMs);
  }
  const both = Object.entries(theirs).map(([method, run]): [string, Method] => [
    method,
    (...args) => {
      const answers: [unknown, unknown] = [
        plain((ours[method as keyof Store] as Method)(...args)),
        plain((run as Method)(...args)),
      ];
      if (isAnswer(method))
        heard.set(method, heard.get(method) ?? (isDeepStrictEqual(...answers) ? undefined : answers));
      return answers[0];
    },
  ]);
  return {
    ...(Object.fromEntries(both) as unknown as Store),
    transaction: (work) => theirs.transaction(() => ours.transaction(work)),
    rows: ours.rows,
  };
};

it('the rows in memory answer the interpreter as the rows in SQLite do', async () => {
  const ground = await createGround();
  const heard = new Map<string, [unknown, unknown] | undefined>();
  const rows = (deployed: Deployed): MemoryStore => twin(deployed, heard);
  const { failed } = await fc.check(anyCommands(ground, undefined, { rows }), { numRuns: 20, seed: 4 });
  expect(failed).toBe(false);
  expect([...heard].filter(([, difference]) => difference)).toEqual([]);
  // Enough happened: a Map had items, a timer fired, a token was answered.
  const asked =
    'children dueThreads eventsAfter executionByArn firstInOutbox nextDueMs nextQueued thread token unfinished';
  expect(asked.split(' ').filter((method) => !heard.has(method))).toEqual([]);
});
