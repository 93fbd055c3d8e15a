import type { RoleRef } from '#core/aws-role.ts';
import { type Answers, findingOf, type Questions, type Roles, type TrailDetection, type Watched } from './detection.ts';
import type { Finding } from './finding.ts';
import { furtherKeysCall } from './further-keys.ts';
import { isOnboarded, type Known, managedRole, revokerRole, watchedRole } from './known.ts';
import { trailDetections } from './registry.ts';
import type { TrailEvent } from './trail-event.ts';

/** A detection that wants to see the event, the event as it sees it, and what it wants looked up for that. */
export type Looking = { detection: TrailDetection; event: TrailEvent; questions: Questions };

const roleOfKind = (known: Known, kind: Roles, role: RoleRef): RoleRef | undefined => {
  switch (kind) {
    case 'managed':
      return managedRole(known, role);
    case 'revoker':
      return revokerRole(known, role);
    case 'watched':
      return watchedRole(known, role);
    case 'any':
      return watchedRole(known, role) ?? role;
  }
};

const asSeen = (watched: Watched, event: TrailEvent, known: Known): TrailEvent | undefined => {
  if ('uses' in watched) {
    const role = managedRole(known, event.caller.role);
    return role && { ...event, caller: { ...event.caller, role } };
  }
  if ('assumptions' in watched) {
    if (event.kind !== 'role-assumed' || event.errorCode !== undefined) return undefined;
    const role = roleOfKind(known, watched.assumptions, event.role);
    return role && { ...event, role };
  }
  if ('furtherKeys' in watched) {
    if (event.name !== furtherKeysCall || event.errorCode !== undefined || !event.caller.role) return undefined;
    const role = roleOfKind(known, watched.furtherKeys, event.caller.role);
    return role && { ...event, caller: { ...event.caller, role } };
  }
  if (watched.changes === 'policy') {
    const isWatched = event.kind === 'policy-changed' && watched.calls.includes(event.name);
    return isWatched && isOnboarded(known, event.accountId) ? event : undefined;
  }
  if (event.kind !== 'role-changed' || !watched.calls.includes(event.name)) return undefined;
  const role = roleOfKind(known, watched.of, event.role);
  return role && { ...event, role };
};

export const lookingAt = (event: TrailEvent, known: Known): Looking[] =>
  trailDetections.flatMap((detection) => {
    const [seen] = detection.on.flatMap((watched) => asSeen(watched, event, known) ?? []);
    return seen === undefined ? [] : [{ detection, event: seen, questions: detection.asks?.(seen) ?? {} }];
  });

export const findingBy = ({ detection, event }: Looking, known: Known, answers: Answers): Finding | undefined => {
  const hit = detection.judge(event, known, answers);
  return hit && findingOf(detection, event, hit);
};
