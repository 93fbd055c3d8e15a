import { aliveAt } from '#core/grant/minted.ts';
import { barred } from '#core/lockdown/gate.ts';
import { covers, type InForce, type LockdownScope, sameScope } from '#core/lockdown/lockdown.ts';
import { mayApprove, mayLockDown } from '#core/policy/decide.ts';
import type { Policy } from '#core/policy/policy.ts';
import { anyOf } from '#core/policy/sentences.ts';
import { done, type Outcome, type Refused, refuse } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import type { Ports } from '#ports/ports.ts';
import { openRequestsOf } from '#usecases/ask/open-requests.ts';

/** What a lockdown would hit if it began now: counted from indexes that may be a moment behind. */
export type LockdownPreview = {
  scope: LockdownScope;
  /** Grants that are live or whose sessions are being revoked. */
  grants: number;
  /** Their sessions whose credentials are still alive. */
  sessions: number;
  /** Requests that wait for approval or are about to begin. */
  waiting: number;
  /** Ids of everybody whose access ends. */
  people: readonly string[];
  /** Those of them who could have approved the others' requests, or lift the lockdown: they lose their access too. */
  approvers: readonly string[];
  /** Only the newest were counted: there may be more of everything. */
  atLeast?: true;
  /** The lockdown that is in force for exactly this already. */
  already?: InForce;
};

export const mayNotLockDown = (policy: Policy): Refused => {
  const groups = policy.mayLockDown ?? [];
  return refuse(
    'not-allowed',
    'You cannot lock anything down, or lift a lockdown.',
    groups.length === 0
      ? 'Nobody may: an owner of the access policy must name a group in mayLockDown.'
      : `Ask somebody of ${anyOf(groups)}.`,
  );
};

/** What gives access or is about to, and what only waits. */
export const lent = ['approved', 'active', 'ending'] as const;
export const waiting = ['pending'] as const;

/** Every request in one of these statuses. Eventually consistent. Throws `StoreUnavailable`. */
export const openRequests = async (
  open: readonly (typeof lent | typeof waiting)[number][],
  { requests }: Pick<Ports, 'requests'>,
): Promise<AccessRequest[]> => eachOnce((await Promise.all(open.map((status) => requests.withStatus(status)))).flat());

/**
 * Of each status, in a preview: somebody waits for it with a finger on the button, and what a lockdown ends does not
 * depend on it.
 */
const mostCounted = 500;

/** Of a person they are looked for among their own; of a role or an account, among the newest of each status. */
const openUnder = async (
  scope: LockdownScope,
  { clock, requests }: Pick<Ports, 'clock' | 'requests'>,
): Promise<{ found: AccessRequest[]; atLeast: boolean }> => {
  if (scope.kind === 'person') {
    const statuses = [...waiting, ...lent];
    return { found: await openRequestsOf({ personId: scope.personId, statuses }, { clock, requests }), atLeast: false };
  }
  const read = await Promise.all(
    [...waiting, ...lent].map((status) => requests.withStatus(status, { limit: mostCounted + 1 })),
  );
  const found = read.flatMap((some) => some.slice(0, mostCounted));
  return { found: eachOnce(found).filter((each) => covers(scope, each)), atLeast: read.some(hasMore) };
};

const hasMore = ({ length }: readonly AccessRequest[]): boolean => length > mostCounted;

/** One that moved on between two of the reads stands in both. */
const eachOnce = (found: readonly AccessRequest[]): AccessRequest[] => [
  ...new Map(found.map((request) => [request.id, request])).values(),
];

/** Says what a lockdown would hit, to those who may lock down. Throws `StoreUnavailable`, `PolicyUnreadable`. */
export const previewLockdown = async (
  { scope, personId }: { scope: LockdownScope; personId: string },
  ports: Pick<Ports, 'clock' | 'policy' | 'requests' | 'lockdowns'>,
): Promise<Outcome<LockdownPreview>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const mayNot = mayLockDown(policy, personId)
    ? barred({ policy, lockdowns }, personId, 'act')
    : mayNotLockDown(policy);
  if (mayNot) return mayNot;
  const { found: requests, atLeast } = await openUnder(scope, ports);
  const nowMs = ports.clock.nowMs();
  const granted = requests.filter((request) => 'grant' in request);
  const people = [...new Set(granted.map((request) => request.personId))].sort();
  // Who may approve depends on what was asked by whom, and not on which ask it is.
  const asked = [...new Map(requests.map((each) => [`${each.entitlementId} ${each.personId}`, each])).values()];
  const already = lockdowns.find((each) => sameScope(each.scope, scope));
  return done({
    scope,
    grants: granted.length,
    sessions: granted.reduce((sum, { minted }) => sum + aliveAt(minted, nowMs), 0),
    waiting: requests.length - granted.length,
    people,
    approvers: people.filter(
      (person) => mayLockDown(policy, person) || asked.some((request) => mayApprove(policy, request, person)),
    ),
    ...(atLeast && { atLeast }),
    ...(already && { already }),
  });
};
