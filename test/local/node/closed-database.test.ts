import { expect, it } from 'vitest';
import { whyNotClosed } from '#local/aws/dynamodb/closed-engine.ts';
import { closedDatabase } from '#local/node/closed-database.ts';
import { linesOf } from './trail/history.ts';

const reason = 'unshare: Operation not permitted';

it('does not start a node whose database others could reach, and says what to do', () => {
  const start = () => closedDatabase({ trustMachine: false }, linesOf(), reason);
  expect(start).toThrow(`cannot be closed to other users of this machine (${reason})`);
  expect(start).toThrow('--trust-machine');
});

it('leaves it open where somebody answers for the machine, and says so', () => {
  const log = linesOf();
  expect(closedDatabase({ trustMachine: true }, log, reason)).toBe(false);
  expect(log.lines.join()).toContain('open to every user');
});

it('closes it wherever that can be done, also on a trusted machine', () => {
  const log = linesOf();
  expect(closedDatabase({ trustMachine: true }, log)).toBe(whyNotClosed() === undefined);
});
