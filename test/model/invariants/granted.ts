import type { World } from '../world.ts';

/**
 * What the product does not promise yet. Each is held by a test in `owed.test.ts` that is expected to fail: when it passes,
 * set the value here to true and turn that test into an ordinary one. From then on the invariants demand it.
 */
export const promised = {
  /** A grant that a lockdown denied and had not ended when it was lifted is ended all the same, or denied no longer. */
  liftLeavesNoDeny: false,
};

/**
 * A grant whose deny was verified on the role, and was then taken away by somebody whom nobody could stop: an
 * administrator, or a writer that hung for longer than its lease between its last look at the clock and its write. Until
 * the next sweep that nothing disturbed.
 */
export const isExcused = ({ observed }: World, roleArn: string, grantId: string): boolean =>
  observed.excused.get(roleArn)?.has(grantId) ?? false;

/** The sweeper leaves the workflow this long to do it by itself. */
const graceMs = 60_000;

/** Whether a sweep that nothing disturbed began when this was due already. */
export const wasSwept = ({ observed }: World, since: string): boolean =>
  observed.sweptAtMs !== undefined && observed.sweptAtMs - Date.parse(since) > graceMs;
