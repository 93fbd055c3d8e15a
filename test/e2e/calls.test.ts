import { expect, it } from 'vitest';
import { besideTargets } from '../../bench/call-targets.ts';
import { flowsOf } from '../../bench/calls.ts';
import { repository } from '../../bench/stack-process.ts';

it('a whole loop makes no more calls to AWS, and reads the request and the ledger no more often, than it may', async () => {
  const beside = besideTargets(await flowsOf(repository, 3));
  // A loop of which nothing is counted would pass everything.
  expect(beside.map(({ median }) => median > 0)).toEqual([true, true, true]);
  expect(beside.filter(({ met }) => !met)).toEqual([]);
});
