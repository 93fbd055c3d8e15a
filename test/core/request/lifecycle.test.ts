import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginEnd, failEnd, finishEnd, intendSession, isLive, recordSession } from '#core/grant/grant.ts';
import { lastExpiry } from '#core/grant/minted.ts';
import type { Ask } from '#core/policy/decision.ts';
import { changed } from '#core/request/change.ts';
import { canMove, isClosed } from '#core/request/moves.ts';
import type { RequestStatus } from '#core/request/request.ts';
import { submit } from '#core/request/submit.ts';
import { approve, cancel, deny, lapse } from '#core/request/waiting.ts';
import { active, approved, askedAt, ending, pending, requestId } from './requests.ts';

const statuses: RequestStatus[] = [
  'refused',
  'pending',
  'approved',
  'denied',
  'cancelled',
  'lapsed',
  'active',
  'ending',
  'ended',
];

describe('the legal moves', () => {
  it('never leave a closed status', () => {
    for (const from of ['refused', 'denied', 'cancelled', 'lapsed', 'ended'] as const) {
      expect(isClosed(from)).toBe(true);
      expect(statuses.filter((to) => canMove(from, to))).toEqual([]);
    }
  });

  it('reach a grant only through an approval, and an end only through its revocation', () => {
    expect(statuses.filter((from) => canMove(from, 'active'))).toEqual(['approved']);
    expect(statuses.filter((from) => canMove(from, 'ending'))).toEqual(['active']);
    expect(statuses.filter((from) => canMove(from, 'ended'))).toEqual(['ending']);
  });

  it('are the only ones that a change can make, whatever the caller asks for', () => {
    fc.assert(
      fc.property(fc.constantFrom(...statuses), fc.constantFrom(...statuses), (from, to) => {
        const before = { ...pending(), status: from } as never;
        const next = { ...pending(), status: to } as never;
        const move = () => changed(before, next, { name: 'vote.cast', at: '2026-11-22T10:00:00.000Z' });
        if (from === to || canMove(from, to)) expect(move).not.toThrow();
        else expect(move).toThrow(`cannot move from ${from} to ${to}`);
      }),
    );
  });
});

describe('an answer', () => {
  it('of the last approver that is needed approves the request and says so', () => {
    const { request, events, audit } = approve(
      pending(),
      { personId: 'bob', verdict: 'approve', at: '2026-11-22T10:01:00.000Z' },
      true,
    );
    expect(request).toMatchObject({ status: 'approved', approvedAt: '2026-11-22T10:01:00.000Z', version: 2 });
    expect(request.votes).toEqual([{ personId: 'bob', verdict: 'approve', at: '2026-11-22T10:01:00.000Z' }]);
    expect(events).toEqual([
      {
        name: 'request.approved',
        detail: {
          eventId: `${requestId}.2`,
          at: '2026-11-22T10:01:00.000Z',
          requestId,
          version: 2,
          personId: 'alice',
          entitlementId: 'orders-admin',
          accountId: '222222222222',
          roleName: 'daypass-jit-orders-admin',
          by: 'bob',
        },
      },
    ]);
    expect(audit).toMatchObject({ seq: 2, actor: 'bob', fact: 'request.approved' });
  });

  it('of one of two approvers leaves it pending', () => {
    const { request, events } = approve(
      pending(),
      { personId: 'bob', verdict: 'approve', at: '2026-11-22T10:01:00.000Z' },
      false,
    );
    expect(request.status).toBe('pending');
    expect(events.map((event) => event.name)).toEqual(['vote.cast']);
  });

  it('of one approver who denies ends it, with the reason', () => {
    const { request } = deny(pending(), {
      personId: 'bob',
      verdict: 'deny',
      at: '2026-11-22T10:01:00.000Z',
      reason: 'wrong table',
    });
    expect(request).toMatchObject({
      status: 'denied',
      deniedBy: 'bob',
      deniedReason: 'wrong table',
      closedAt: '2026-11-22T10:01:00.000Z',
    });
  });

  it('of nobody lapses it, and its requester can cancel it before and after the approval', () => {
    expect(lapse(pending(), '2026-11-23T10:00:00.000Z').request.status).toBe('lapsed');
    expect(cancel(pending(), '2026-11-22T10:05:00.000Z').request.status).toBe('cancelled');
    expect(cancel(approved(), '2026-11-22T10:05:00.000Z').request.status).toBe('cancelled');
  });
});

describe('a grant', () => {
  it('is a window that includes its start and not its end', () => {
    const grant = active();
    expect(grant.grant).toEqual({ startsAt: '2026-11-22T10:02:00.000Z', endsAt: '2026-11-22T10:22:00.000Z' });
    expect(isLive(grant, Date.parse('2026-11-22T10:01:59.999Z'))).toBe(false);
    expect(isLive(grant, Date.parse('2026-11-22T10:02:00.000Z'))).toBe(true);
    expect(isLive(grant, Date.parse('2026-11-22T10:21:59.999Z'))).toBe(true);
    expect(isLive(grant, Date.parse('2026-11-22T10:22:00.000Z'))).toBe(false);
    expect(isLive(ending(), Date.parse('2026-11-22T10:11:00.000Z'))).toBe(false);
  });

  it('covers a session from the intent on, also one whose result was never written', () => {
    const intended = intendSession(active(), 'mint-1', '2026-11-22T10:03:00.000Z', 1140);
    const session = {
      mintId: 'mint-1',
      requestId,
      personId: 'alice',
      durationSec: 1_140,
      intendedAt: '2026-11-22T10:03:00.000Z',
      expiresBy: '2026-11-22T10:23:00.000Z',
    };
    expect(intended.sessions).toEqual([session]);
    expect(lastExpiry(intended.request.minted)).toBe('2026-11-22T10:23:00.000Z');
    const issued = { accessKeyId: 'ASIAEXAMPLE', expiresAt: '2026-11-22T10:22:01.000Z' };
    const minted = recordSession(intended.request, intended.session, issued, '2026-11-22T10:03:01.000Z');
    expect(minted.sessions).toEqual([{ ...session, issued, expiresBy: '2026-11-22T10:22:01.000Z' }]);
    expect(lastExpiry(minted.request.minted)).toBe('2026-11-22T10:22:01.000Z');
    expect(minted.events.map((event) => event.name)).toEqual(['session.minted']);
  });

  it('that could not be revoked stays ending, counts the attempts and keeps the time of the first', () => {
    const once = failEnd(ending(), 'RoleUnavailable', '2026-11-22T10:12:00.000Z').request;
    const twice = failEnd(once, 'RoleBusy', '2026-11-22T10:17:00.000Z').request;
    expect(twice).toMatchObject({
      status: 'ending',
      failure: { since: '2026-11-22T10:12:00.000Z', attempts: 2, error: 'RoleBusy' },
    });
    const ended = finishEnd(twice, 'denied', '2026-11-22T10:18:00.000Z').request;
    expect(ended).toMatchObject({ status: 'ended', how: 'denied', verifiedAt: '2026-11-22T10:18:00.000Z' });
    expect(ended).not.toHaveProperty('failure');
  });

  it('says who ended it, and nothing where nobody did', () => {
    expect(
      beginEnd(active(), { reason: 'revoked', at: '2026-11-22T10:05:00.000Z', by: 'bob' }).events[0]?.detail,
    ).toMatchObject({ by: 'bob' });
    expect(
      beginEnd(active(), { reason: 'expired', at: '2026-11-22T10:22:00.000Z' }).events[0]?.detail,
    ).not.toHaveProperty('by');
  });
});

it('a request holds of an ask what an ask is, whatever else came with it', () => {
  const { request } = submit({
    id: requestId,
    ask: { personId: 'alice', entitlementId: 'orders-read', durationSec: 60, reason: 'INC-42', minted: 2 } as Ask,
    decision: { verdict: 'allowed', policyDigest: 'd1', trace: [] },
    accountId: '222222222222',
    roleName: 'daypass-jit-orders-read',
    at: askedAt,
    lapsesAt: askedAt,
  });
  expect(request).toMatchObject({ personId: 'alice', durationSec: 60, reason: 'INC-42' });
  expect(request).not.toHaveProperty('minted');
});
