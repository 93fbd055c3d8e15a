import { existsSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { functions } from '#functions/registry.ts';
import { type Asked, askedChannel } from '#local/aws/iam/authorized.ts';
import { roleArnOfFunction } from '#local/world.ts';
import { changePermissions } from './changed.ts';
import { appendLine, askedIn, childVariable, recordingOf } from './recording.ts';
import { refused } from './refused.ts';

/**
 * For every file of the end-to-end suite: writes down what each test made the functions' roles ask for, and fails a
 * test in which one of them was refused by its own policy.
 */
changePermissions();
const functionRoles = new Set(functions.map(({ name }) => roleArnOfFunction(name)));

let file = '';
let childFile = '';
let test = '';
let childLines = 0;
let startedAtMs = 0;
const tookMs: Record<string, number> = {};
const known = new Set<string>();

const hear = (asked: Asked): void => {
  if (!functionRoles.has(asked.roleArn)) return;
  const { action, resource, allowedBy } = asked;
  if (allowedBy.length === 0) refused.push(`${asked.roleArn} was refused ${action} on ${resource}`);
  // Ids in a resource would make a line of every call.
  const line = JSON.stringify([test, asked.roleArn, action, allowedBy.length > 0 ? allowedBy : resource]);
  if (known.has(line)) return;
  known.add(line);
  appendLine(file, { test, ...asked });
};
const listen = (message: unknown): void => hear(message as Asked);

/** What the processes that the test started have said since the last time. */
const hearChildren = (): void => {
  const said = askedIn(childFile);
  for (const asked of said.slice(childLines)) hear(asked);
  childLines = said.length;
};

beforeAll(() => {
  file = recordingOf(expect.getState().testPath ?? 'unknown');
  childFile = `${file}.children`;
  process.env[childVariable] = childFile;
  askedChannel.subscribe(listen);
});
beforeEach(() => {
  test = expect.getState().currentTestName ?? '';
  startedAtMs = performance.now();
});
afterEach(() => {
  tookMs[test] = performance.now() - startedAtMs;
  hearChildren();
  expect(refused.splice(0)).toEqual([]);
});
afterAll(() => {
  hearChildren();
  askedChannel.unsubscribe(listen);
  if (existsSync(childFile)) rmSync(childFile);
  expect(refused).toEqual([]);
  appendLine(file, { ended: true, tookMs });
});
