import { DatabaseSync } from 'node:sqlite';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { normalise } from '#core/detection/normalise.ts';
import type { BusEvent } from '#local/aws/events/bus-event.ts';
import type { LocalClock } from '#local/clock.ts';
import { createLookUp } from '#local/node/trail/lookup.ts';
import { createMarks } from '#local/node/trail/marks.ts';
import { createPace } from '#local/node/trail/pace.ts';
import { createReader } from '#local/node/trail/reader.ts';
import { startWire, type Wire } from '#test/local/aws/events/wire-stack.ts';
import { idsOf, linesOf, place } from '#test/local/node/trail/history.ts';

const RoleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
const endpointVariable = 'AWS_ENDPOINT_URL_CLOUDTRAIL';
let wire: Wire;

beforeEach(async () => {
  wire = await startWire({ throttle: true });
  process.env[endpointVariable] = wire.settings(wire.userKeys('222222222222', 'production-admin')).endpoint;
});
afterEach(async () => {
  delete process.env[endpointVariable];
  await wire.close();
  expect(wire.faults).toEqual([]);
});

/** The stack's time leaps to whatever the reader waits for. */
const leaping = (): LocalClock => ({
  nowMs: wire.clock.nowMs,
  at: (atMs, run) => {
    void wire.clock.turn(Math.max(0, atMs - wire.clock.nowMs())).then(run);
    return () => undefined;
  },
  stop: () => undefined,
});

it('reads a history of several pages from a service that takes two calls a second, and is never refused', async () => {
  const clock = leaping();
  const bus: BusEvent[] = [];
  const log = linesOf();
  const { signal } = new AbortController();
  const read = createReader({
    clock,
    marks: createMarks(new DatabaseSync(':memory:')),
    pace: createPace(clock, signal),
    lookUp: createLookUp(() => async () => wire.userKeys('222222222222', 'production-admin')),
    put: (event) => void bus.push(event),
    queriesOf: async () => [
      { key: 'EventName', value: 'AssumeRole' },
      { key: 'EventSource', value: 'iam.amazonaws.com' },
      { key: 'Username', value: 'alice' },
    ],
    log,
    signal,
  });
  await read(place);
  const sts = new STSClient(wire.settings(wire.userKeys('222222222222', 'production-admin')));
  for (let made = 0; made < 120; made++) {
    await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: `session-${made}` }));
  }
  sts.destroy();
  await wire.clock.turn(60_000);
  await read(place);
  expect(new Set(idsOf(bus)).size).toBe(120);
  expect(log.lines).toEqual([]);
  expect(normalise(bus[0])).toMatchObject({
    kind: 'role-assumed',
    accountId: '222222222222',
    role: { accountId: '222222222222', roleName: 'daypass-jit-orders-admin' },
  });
});
