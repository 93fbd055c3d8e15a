import type { Policy } from '#core/policy/policy.ts';
import type { Refused } from '#core/refusal.ts';
import { type InForce, lockdownOfPerson } from './lockdown.ts';
import { lockedDown } from './words.ts';

/** By what acts are judged: the policy of this moment, and the lockdowns in force. */
export type Rules = { policy: Policy; lockdowns: readonly InForce[] };

/** `end-own`: a grant, a request or a login of one's own. `act`: everything else that changes something. */
export type Act = 'say-no' | 'end-own' | 'act';

/**
 * The one gate of everybody who acts: whoever is locked down may say no and end what is theirs, and nothing else.
 * Lockdowns of a role or an account bar nobody, only what is on them.
 */
export const barred = ({ policy, lockdowns }: Rules, personId: string, act: Act): Refused | undefined => {
  if (act !== 'act') return undefined;
  const own = lockdownOfPerson(lockdowns, personId);
  return own && lockedDown(policy, own, personId);
};
