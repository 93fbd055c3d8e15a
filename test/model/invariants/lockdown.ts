import { roleArnOf } from '#core/aws-role.ts';
import { covers, type InForce } from '#core/lockdown/lockdown.ts';
import type { World } from '../world.ts';
import { isExcused } from './granted.ts';

const open: ReadonlySet<string> = new Set(['pending', 'approved', 'active', 'ending']);

/**
 * Of these lockdowns that are in force: nothing that they cover is open, and no credential of it works. What breaks it
 * is said as a text.
 */
export const lockdownsHold = (world: World, which: (lockdown: InForce) => boolean): string | undefined => {
  const { memory, observed, cloud } = world;
  for (const lockdown of memory.register.lockdowns.filter(which)) {
    for (const request of memory.requests.values()) {
      if (!covers(lockdown.scope, request)) continue;
      // What somebody had begun before the lockdown ends at its own next step.
      const isOpen = open.has(request.status) && observed.lastRequests.get(request.id) === request;
      const justOpened = world.lot.parked().length > 0;
      if (isOpen && !justOpened) return `${request.id} is ${request.status} under the lockdown ${lockdown.id}`;
      const live = observed.issued.find((issued) => issued.grantId === request.id && cloud.works(issued));
      if (!live || justOpened || isExcused(world, roleArnOf(request), request.id)) continue;
      return `credentials of ${request.id} work under the lockdown ${lockdown.id}`;
    }
  }
  return undefined;
};

/**
 * L1: no process that began under a lockdown opens anything that stands under it, and nobody is handed credentials that
 * STS issued under it. Once its execution is over and a sweep that nothing disturbed has gone over it, nothing that it
 * covers is open and no credential of it works, unless a process that had begun before is still at it.
 */
export const l1 = (world: World): string | undefined => {
  const { observed, memory } = world;
  if (observed.beganUnderLockdown !== undefined) return observed.beganUnderLockdown;
  if (observed.handedOutUnderLockdown !== undefined) return observed.handedOutUnderLockdown;
  return memory.register.lockdowns.length === 0
    ? undefined
    : lockdownsHold(world, ({ id }) => observed.lockdownsSwept.has(id));
};

/**
 * L2: a lockdown ends and refuses what it covers and nothing else: whatever ended by one stands under one that there
 * was.
 */
export const l2 = (world: World): string | undefined => {
  const { memory, observed } = world;
  for (const request of memory.requests.values()) {
    if (observed.lastRequests.get(request.id) === request) continue;
    const isByLockdown = 'end' in request && request.end.reason === 'lockdown';
    if (!isByLockdown) continue;
    const isCovered = [...memory.lockdowns.values()].some(({ scope }) => covers(scope, request));
    if (!isCovered) return `${request.id} was ended by a lockdown that does not cover it`;
  }
  return undefined;
};
