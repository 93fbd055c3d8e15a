import type { Judgement } from '#core/judgement.ts';
import type { Count } from '#core/limits.ts';
import { advance, type Login } from '#core/login/login.ts';
import { done, type Outcome, refuse } from '#core/refusal.ts';
import { isUlid } from '#core/ulid.ts';
import type { Ports } from '#ports/ports.ts';
import { change, type Store } from '#usecases/change.ts';

/** Logins by whatever names them. What they cause is announced by whoever changes them. */
export const loginsBy = (
  read: (name: string) => Promise<Login | undefined>,
  { logins }: Pick<Ports, 'logins'>,
  counts: readonly Count[] = [],
): Store<Login | undefined, Login, Login> => ({
  read,
  save: async (login) => {
    await logins.save(login, counts);
    return login;
  },
  publishLeftovers: async () => {},
});

/** A login under which a program was let in. */
type Confirmed = Extract<Login, { personId: string }>;

export const isConfirmedBy = (login: Login, personId: string): login is Confirmed =>
  'personId' in login && login.personId === personId;

/** What its person's “Not me” makes of it: no token is handed out any more, and the one that was opens nothing. */
export const judgeEnd = (login: Confirmed, nowMs: number): Judgement<Login, Login> => {
  if (login.status === 'revoked') {
    return refuse('not-live', 'That login was ended already: nobody can act by it.', { do: 'list' });
  }
  if (login.status === 'active' && nowMs >= Date.parse(login.tokenExpiresAt)) {
    return refuse('not-live', 'That login is over: its time ran out.', { do: 'list' });
  }
  return { change: advance(login, { status: 'revoked', personId: login.personId }) };
};

/**
 * Ends a login that this person confirmed, whether or not its token was fetched. One that is not there, and somebody
 * else's, read the same. Throws `StoreUnavailable`.
 */
export const endLogin = async (
  { loginId, personId }: { loginId: string; personId: string },
  ports: Pick<Ports, 'clock' | 'logins'>,
): Promise<Outcome<Login>> => {
  const read = async (id: string) => (isUlid(id) ? ports.logins.get(id) : undefined);
  const outcome = await change(loginsBy(read, ports), loginId, (login): Judgement<Login, Login> => {
    if (login && isConfirmedBy(login, personId)) return judgeEnd(login, ports.clock.nowMs());
    return refuse('not-found', 'There is no such login of yours.', { do: 'list' });
  });
  return outcome.ok ? done(outcome.value.state) : outcome;
};

const atOnce = 25;

/** Ends every login that this person confirmed, whether or not its token was fetched. Throws `StoreUnavailable`. */
export const endLoginsOf = async (personId: string, ports: Pick<Ports, 'clock' | 'logins'>): Promise<void> => {
  const ids = await ports.logins.confirmedBy(personId);
  for (let first = 0; first < ids.length; first += atOnce) {
    await Promise.all(ids.slice(first, first + atOnce).map((loginId) => endLogin({ loginId, personId }, ports)));
  }
};
