import { toIso } from '#core/instant.ts';
import { begun } from '#core/lockdown/change.ts';
import { type Lockdown, sameScope } from '#core/lockdown/lockdown.ts';
import type { Person } from '#core/policy/policy.ts';
import { done, type Outcome, refuse } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { change } from '#usecases/change.ts';
import { lockdownsIn } from './change-lockdown.ts';

/** In whose name it is: that of what nobody did. */
const automatically = 'daypass';

/** One of a person's Slack accounts that is no member's; `because` is the end of a sentence: `is deactivated`. */
type Gone = { lockdownId: string; person: Pick<Person, 'id' | 'name'>; slackUserId: string; because: string };

/**
 * Locks a person down without anybody's doing: what they have ends, and nothing begins. Who has several accounts in
 * the policy is locked down with the first that is no member's: which of them acts elsewhere is not known. People
 * lift it, nothing else does, also where the cause is gone. The same `lockdownId` again is nothing, also after a
 * lift; somebody who is locked down already stays so. The bound on what people lock down does not hold here: of
 * these there is one for each person of the policy at most. Throws `StoreUnavailable`.
 */
export const lockNoMember = async (
  { lockdownId, person, slackUserId, because }: Gone,
  ports: Pick<Ports, 'clock' | 'lockdowns' | 'outbox'>,
): Promise<Outcome<Lockdown>> => {
  const scope = { kind: 'person', personId: person.id } as const;
  const reason = `Slack says that the account ${slackUserId} of ${person.name} ${because}.`;
  const at = toIso(ports.clock.nowMs());
  const outcome = await change(lockdownsIn(ports), lockdownId, ({ lockdown, register }) => {
    if (lockdown) return { keep: lockdown, again: true };
    const isDown = register.lockdowns.some((each) => sameScope(each.scope, scope));
    if (isDown) return refuse('already-decided', 'They are locked down already.', 'Nothing more is needed.');
    return { change: begun({ id: lockdownId, scope, reason, at, by: automatically }, {}) };
  });
  return outcome.ok ? done(outcome.value.state) : outcome;
};
