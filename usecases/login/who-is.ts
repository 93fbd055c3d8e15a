import { isTokenLive } from '#core/login/login.ts';
import { personById } from '#core/policy/people.ts';
import type { Person } from '#core/policy/policy.ts';
import { done, type Outcome, refuse } from '#core/refusal.ts';
import { sha256 } from '#core/sha256.ts';
import type { Ports } from '#ports/ports.ts';

/**
 * The person behind a token, as the policy in force knows them: who was taken out of it is refused from then on.
 * The same words for a token that never was, has expired or was revoked. Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const whoIs = async (
  input: { token: string },
  ports: Pick<Ports, 'clock' | 'logins' | 'policy'>,
): Promise<Outcome<Person>> => {
  const tokenHash = sha256(input.token);
  const login = await ports.logins.byTokenHash(tokenHash);
  if (!login || !isTokenLive(login, tokenHash, ports.clock.nowMs())) {
    return refuse('unknown-person', 'You are not logged in, or your login has ended.', { do: 'log-in' });
  }
  const person = personById(await ports.policy.current(), login.personId);
  if (person) return done(person);
  return refuse(
    'unknown-person',
    'The access policy does not know you any more.',
    'Ask whoever keeps the access policy to add you.',
  );
};
