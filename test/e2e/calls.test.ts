import { expect, it } from 'vitest';
import { callTargets } from '../../bench/call-targets.ts';
import { flowsOf } from '../../bench/calls.ts';
import { repository } from '../../bench/stack-process.ts';

it('a whole loop makes no more calls to AWS, and reads the request and the ledger no more often, than it may', async () => {
  const flows = await flowsOf(repository, 1);
  const counted = callTargets.map(({ what, atMost, of }) => ({ what, atMost, counted: of(flows) }));
  // A loop of which nothing is counted would pass everything.
  expect(counted.map((each) => each.counted)).not.toContain(0);
  expect(counted.filter((each) => each.counted > each.atMost)).toEqual([]);
});
