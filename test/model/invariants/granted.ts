import type { World } from '../world.ts';

/**
 * A grant whose deny was verified on the role, and was then taken away by somebody whom nobody could stop: an
 * administrator, or a writer that hung for longer than its lease between its last look at the clock and its write.
 * Until the next sweep that nothing disturbed.
 */
export const isExcused = ({ observed }: World, roleArn: string, grantId: string): boolean =>
  observed.excused.get(roleArn)?.has(grantId) ?? false;

/** The sweeper leaves the workflow this long to do it by itself. */
const graceMs = 60_000;

/** Whether a sweep that nothing disturbed began when this was due already. */
export const wasSwept = ({ observed }: World, since: string): boolean =>
  observed.sweptAtMs !== undefined && observed.sweptAtMs - Date.parse(since) > graceMs;
