import { type RoleRef, roleOf } from '#core/aws-role.ts';
import type { PolicyDocument } from './document.ts';

export type Written = PolicyDocument['entitlements'][string];
type Entry = readonly [id: string, written: Written];

/** By which entitlement a session gets to a role. */
export type Way = {
  id: string;
  written: Written;
  /** Which line of the entitlement’s `chaining.into` begins the way there; absent where the role is its own. */
  into?: number;
};

export type RoleWays = {
  /** Those that lend the role. */
  lent: readonly Way[];
  /** Those that go on to it from another role, over however many. */
  onward: readonly Way[];
};

/** The same for every ARN of a role: no name differs by its capitals alone, or by its path. */
const keyOf = ({ accountId, roleName }: RoleRef): string => `${accountId}/${roleName.toLowerCase()}`;

/** Where an entitlement’s sessions may go on to. */
export const intoOf = ({ chaining }: Written): readonly string[] => (chaining ? chaining.into : []);

const intoKeys = (written: Written): readonly string[] => intoOf(written).map((arn) => keyOf(roleOf(arn)));

/**
 * Where sessions of an entitlement may get to, with the line of `into` that begins the way. Its own session policy
 * bounds the first step alone: from there on a session may do what the role may, for whomever that was meant.
 */
const reachOf = (written: Written, onwardFrom: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  const waiting = intoKeys(written).map((key, into) => ({ key, into }));
  for (const { key, into } of waiting) {
    if (found.has(key)) continue;
    found.set(key, into);
    for (const next of onwardFrom.get(key) ?? []) if (!found.has(next)) waiting.push({ key: next, into });
  }
  return found;
};

/** Every way to every role that is lent. */
export const waysToRoles = (document: PolicyDocument): readonly RoleWays[] => {
  const entries: readonly Entry[] = Object.entries(document.entitlements);
  const roleKey = ({ account, role }: Written): string =>
    keyOf({ accountId: document.accounts[account]?.id ?? '', roleName: role });
  const byRole = Map.groupBy(entries, ([, written]) => roleKey(written));
  const onwardFrom = new Map(
    [...byRole].map(([key, those]) => [key, [...new Set(those.flatMap(([, written]) => intoKeys(written)))]]),
  );
  const reaching = new Map<string, Way[]>();
  for (const [id, written] of entries) {
    for (const [key, into] of reachOf(written, onwardFrom)) {
      if (key === roleKey(written)) continue;
      const before = reaching.get(key) ?? [];
      before.push({ id, written, into });
      reaching.set(key, before);
    }
  }
  return [...byRole].map(([key, those]) => ({
    lent: those.map(([id, written]) => ({ id, written })),
    onward: reaching.get(key) ?? [],
  }));
};
