import { toIso } from '#core/instant.ts';
import type { Judgement } from '#core/judgement.ts';
import { barred } from '#core/lockdown/gate.ts';
import { advance, isCodeExpired, type Login } from '#core/login/login.ts';
import { parseUserCode } from '#core/login/user-code.ts';
import { done, type Outcome, refuse } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { change, type Store } from '#usecases/change.ts';

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
  const login = await loginsIn(ports).read(input.userCode);
  if (login?.status !== 'waiting' || isCodeExpired(login, ports.clock.nowMs())) return unknownCode;
  return done(login);
};

/** Logins by the code that a person types. What they cause is announced by whoever changes them. */
const loginsIn = ({ logins }: Pick<Ports, 'logins'>): Store<Login | undefined, Login, Login> => ({
  read: async (typed) => {
    const userCode = parseUserCode(typed);
    return userCode === undefined ? undefined : logins.byUserCode(userCode);
  },
  save: async (login) => {
    await logins.save(login);
    return login;
  },
  publishLeftovers: async () => {},
});

/** Answers a waiting login once. */
const answer = async (
  { userCode }: { userCode: string },
  ports: LoginPorts,
  next: (login: Login) => Login,
  isSame: (login: Login) => boolean,
): Promise<Outcome<Login>> => {
  const outcome = await change(loginsIn(ports), userCode, (login): Judgement<Login, Login> => {
    if (!login || isCodeExpired(login, ports.clock.nowMs())) return unknownCode;
    if (isSame(login)) return { keep: login };
    return login.status === 'waiting' ? { change: next(login) } : unknownCode;
  });
  return outcome.ok ? done(outcome.value.state) : outcome;
};

/** Lets the program in as this person. By the same person again it is nothing; by another it is a wrong code. */
export const confirmLogin = async (
  input: { userCode: string; personId: string },
  ports: LoginPorts & Pick<Ports, 'policy' | 'lockdowns'>,
): Promise<Outcome<Login>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const mayNot = barred({ policy, lockdowns }, input.personId, 'act');
  if (mayNot) return mayNot;
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
