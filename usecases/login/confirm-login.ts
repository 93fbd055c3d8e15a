import { toIso } from '#core/instant.ts';
import type { Judgement } from '#core/judgement.ts';
import { type Count, countOf } from '#core/limits.ts';
import { barred } from '#core/lockdown/gate.ts';
import { advance, isCodeExpired, type Login } from '#core/login/login.ts';
import { parseUserCode } from '#core/login/user-code.ts';
import { done, type Outcome, refuse } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { change, type Store } from '#usecases/change.ts';
import { withinLimits } from '#usecases/within-limits.ts';
import { isConfirmedBy, judgeEnd, loginsBy } from './end-login.ts';

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

const loginsIn = (ports: Pick<Ports, 'logins'>, counts?: readonly Count[]): Store<Login | undefined, Login, Login> =>
  loginsBy(
    async (typed) => {
      const userCode = parseUserCode(typed);
      return userCode === undefined ? undefined : ports.logins.byUserCode(userCode);
    },
    ports,
    counts,
  );

/** Lets the program in as this person. By the same person again it is nothing; by another it is a wrong code. */
export const confirmLogin = async (
  input: { userCode: string; personId: string },
  ports: LoginPorts & Pick<Ports, 'policy' | 'lockdowns'>,
): Promise<Outcome<Login>> => {
  const [policy, { lockdowns }] = await Promise.all([ports.policy.current(), ports.lockdowns.register()]);
  const mayNot = barred({ policy, lockdowns }, input.personId, 'act');
  if (mayNot) return mayNot;
  const { personId } = input;
  const counts = [countOf('logins', personId, ports.clock.nowMs())];
  const judge = (login: Login | undefined): Judgement<Login, Login> => {
    const nowMs = ports.clock.nowMs();
    if (!login || isCodeExpired(login, nowMs)) return unknownCode;
    if (isConfirmedBy(login, personId)) return login.status === 'revoked' ? judgeEnd(login, nowMs) : { keep: login };
    if (login.status !== 'waiting') return unknownCode;
    return { change: advance(login, { status: 'confirmed', personId, confirmedAt: toIso(nowMs) }) };
  };
  const outcome = await withinLimits(counts, ports.clock.nowMs(), () =>
    change(loginsIn(ports, counts), input.userCode, judge),
  );
  if (!outcome.ok) return outcome;
  const login = outcome.value.state;
  if (login.status === 'confirmed') {
    const detail = { eventId: `${login.id}.confirmed`, at: login.confirmedAt, loginId: login.id, personId };
    await ports.outbox.announce([{ name: 'login.confirmed', detail }]);
  }
  return done(login);
};

/**
 * Turns the program away. Who sees the code may do that while it waits, and again it is nothing; afterwards only who
 * confirmed it, and then it is ended.
 */
export const denyLogin = async (
  { userCode, personId }: { userCode: string; personId: string },
  ports: LoginPorts,
): Promise<Outcome<Login>> => {
  const outcome = await change(loginsIn(ports), userCode, (login): Judgement<Login, Login> => {
    const nowMs = ports.clock.nowMs();
    if (login && isConfirmedBy(login, personId)) return judgeEnd(login, nowMs);
    if (!login || isCodeExpired(login, nowMs)) return unknownCode;
    if (login.status === 'denied') return { keep: login };
    return login.status === 'waiting' ? { change: advance(login, { status: 'denied' }) } : unknownCode;
  });
  return outcome.ok ? done(outcome.value.state) : outcome;
};
