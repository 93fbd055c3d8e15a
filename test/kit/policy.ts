import { readFileSync } from 'node:fs';
import type { Policy } from '#core/policy/policy.ts';
import { readPolicy } from '#core/policy/read.ts';

/** `access.yaml` as it is in the repository. */
export const sampleText = readFileSync(new URL('../../access.yaml', import.meta.url), 'utf8');

/** The sample policy, or the one that the text makes after each change. Throws where a change does not apply. */
export const samplePolicy = (...changes: readonly (readonly [from: string, to: string])[]): Policy => {
  const read = readPolicy(changed(...changes));
  if (!read.ok) throw new Error(JSON.stringify(read.problems, null, 2));
  return read.policy;
};

/** The sample's text with each change made once. */
export const changed = (...changes: readonly (readonly [from: string, to: string])[]): string =>
  changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The sample has no ${from}`);
    return text.replace(from, () => to);
  }, sampleText);

/** An ask as it is stored: with the role that its entitlement leads to. */
export const stored = <A extends { entitlementId: string }>(
  policy: Policy,
  ask: A,
): A & { accountId: string; roleName: string } => {
  const entitlement = policy.entitlements.find(({ id }) => id === ask.entitlementId);
  return { ...ask, accountId: entitlement?.accountId ?? '', roleName: entitlement?.roleName ?? '' };
};
