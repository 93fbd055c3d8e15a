import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChainedRole,
  type ChainedSession,
  isOpen,
  isOver,
  mostListed,
  withDeny,
  withSession,
} from '#core/chain/chained-role.ts';

const key = { grantId: '01KB0000000000000000000001', roleArn: 'arn:aws:iam::333333333333:role/daypass-jit-reports' };
const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const at = (sec: number): string => new Date(startMs + sec * 1000).toISOString();
const session = (sec: number, name = `s${sec}`): ChainedSession => ({
  userId: `AROAREPORTS000000001:${name}`,
  issuedAt: at(sec),
  expiresBy: at(sec + 3600),
});
const recorded = (...sessions: ChainedSession[]): ChainedRole => {
  let role: ChainedRole | undefined;
  for (const each of sessions) role = withSession(role, key, each) ?? role;
  if (!role) throw new Error('There is no session.');
  return role;
};
const denied = (role: ChainedRole, sec: number): ChainedRole => {
  const next = withDeny(role, at(sec));
  if (!next) throw new Error('It was not covered.');
  return next;
};

const arbitrarySessions = fc.array(
  fc.integer({ min: 0, max: 7_000 }).map((sec) => session(sec)),
  { minLength: 1, maxLength: 60 },
);

describe('case 60: a role into which sessions went on', () => {
  it('says when the last of its sessions dies, in whatever order and however often they are told, and stays small', () => {
    fc.assert(
      fc.property(arbitrarySessions, (sessions) => {
        const role = recorded(...sessions);
        const last = sessions
          .map(({ expiresBy }) => expiresBy)
          .sort()
          .at(-1);
        expect(role.expiresBy).toBe(last);
        expect(role.firstAt).toBe(sessions.map(({ issuedAt }) => issuedAt).sort()[0]);
        expect(role.sessions.length).toBeLessThanOrEqual(mostListed);
      }),
    );
  });

  it('is not changed by the same session again', () => {
    expect(withSession(recorded(session(1)), key, session(1))).toBeUndefined();
  });

  it('is open while any session is not covered by what was denied', () => {
    fc.assert(
      fc.property(arbitrarySessions, arbitrarySessions, fc.integer({ min: 0, max: 7_000 }), (before, after, sec) => {
        const first = withDeny(recorded(...before), at(sec));
        expect(first === undefined).toBe(before.some(({ issuedAt }) => issuedAt > at(sec)));
        if (!first) return;
        let role = first;
        for (const each of after) role = withSession(role, key, each) ?? role;
        expect(isOpen(role)).toBe(after.some(({ issuedAt }) => issuedAt > at(sec)));
      }),
    );
  });

  it('is opened again by a session that was issued after the deny, not by an older one that is told late', () => {
    const role = denied(recorded(session(1)), 10);
    expect(isOpen(role)).toBe(false);
    expect(isOpen(withSession(role, key, session(9)) ?? role)).toBe(false);
    expect(isOpen(withSession(role, key, session(11)) ?? role)).toBe(true);
  });

  it('is over five minutes after its last session has expired', () => {
    const role = recorded(session(0));
    expect(isOver(role, startMs + 3_899_999)).toBe(false);
    expect(isOver(role, startMs + 3_900_000)).toBe(true);
  });
});
