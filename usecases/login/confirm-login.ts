import { isDaypassError } from '#core/errors.ts';
import { advance, isCodeExpired, type Login } from '#core/login/login.ts';
import { parseUserCode } from '#core/login/user-code.ts';
import { done, type Outcome, refuse } from '#core/refusal.ts';
import { toIso } from '#ports/clock.ts';
import type { Ports } from '#ports/ports.ts';

type LoginPorts = Pick<Ports, 'clock' | 'logins' | 'outbox'>;

/** The same words for a wrong code, an old one and one that somebody else used, so that guessing teaches nothing. */
const unknownCode = refuse(
  'not-found',
  'That code is wrong, or it is no longer valid: a code works once, for ten minutes.',
  { do: 'log-in-again' },
);

/** The login that waits behind a code somebody typed, to show from where it was asked for before it is confirmed. */
export const findLogin = async (
  input: { userCode: string },
  ports: Pick<Ports, 'clock' | 'logins'>,
): Promise<Outcome<Login>> => {
  const userCode = parseUserCode(input.userCode);
  const login = userCode === undefined ? undefined : await ports.logins.byUserCode(userCode);
  if (login?.status !== 'waiting' || isCodeExpired(login, ports.clock.nowMs())) return unknownCode;
  return done(login);
};

/** Others may answer between our read and our write; after that many looks at what is there now the caller hears of it. */
const looks = 5;

/** Answers a waiting login once. */
const answer = async (
  input: { userCode: string },
  ports: LoginPorts,
  next: (login: Login) => Login,
  isSame: (login: Login) => boolean,
  look = 1,
): Promise<Outcome<Login>> => {
  const userCode = parseUserCode(input.userCode);
  const stored = userCode === undefined ? undefined : await ports.logins.byUserCode(userCode);
  if (stored && isSame(stored) && !isCodeExpired(stored, ports.clock.nowMs())) return done(stored);
  const found = await findLogin(input, ports);
  if (!found.ok) return found;
  const answered = next(found.value);
  try {
    await ports.logins.save(answered);
    return done(answered);
  } catch (error) {
    if (!isDaypassError(error, 'VersionConflict') || look === looks) throw error;
    return answer(input, ports, next, isSame, look + 1);
  }
};

/** Lets the program in as this person. By the same person again it is nothing; by another it is a wrong code. */
export const confirmLogin = async (
  input: { userCode: string; personId: string },
  ports: LoginPorts,
): Promise<Outcome<Login>> => {
  const confirmedAt = toIso(ports.clock.nowMs());
  const outcome = await answer(
    input,
    ports,
    (login) => advance(login, { status: 'confirmed', personId: input.personId, confirmedAt }),
    (login) => (login.status === 'confirmed' || login.status === 'active') && login.personId === input.personId,
  );
  if (outcome.ok && outcome.value.status === 'confirmed') {
    const { id, confirmedAt, personId } = outcome.value;
    const detail = { eventId: `${id}.confirmed`, at: confirmedAt, loginId: id, personId };
    await ports.outbox.announce([{ name: 'login.confirmed', detail }]);
  }
  return outcome;
};

/** Turns the program away. Who sees the code may do that; again it is nothing. */
export const denyLogin = (input: { userCode: string; personId: string }, ports: LoginPorts): Promise<Outcome<Login>> =>
  answer(
    input,
    ports,
    (login) => advance(login, { status: 'denied' }),
    (login) => login.status === 'denied',
  );
