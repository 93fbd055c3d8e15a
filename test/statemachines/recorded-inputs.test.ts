import { describe, expect, it } from 'vitest';
import type * as z from 'zod/mini';
import { interrupt } from '#core/grant/grant.ts';
import { mintedOf } from '#core/grant/minted.ts';
import { denyDocument } from '#core/ledger/document.ts';
import { type Ledger, pruned, withEntries, withLess } from '#core/ledger/ledger.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { accessRequest, holdGateContract } from '#statemachines/access-request.contract.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';

/**
 * What executions that were started by earlier versions hand to today's functions, and what earlier versions stored, as
 * it was. These stay for good: a grant may outlive a deployment, and case 45 is that it must not notice. Add, never
 * change.
 */
const id = '01KB0000000000000000000001';
const alertId = 'alert-0123456789abcdef0123456789abcdef';
const taskToken = 'a-token-of-step-functions';

const inputs: readonly [string, z.ZodMiniType, unknown][] = [
  ['AwaitApproval', accessRequest.AwaitApproval.input, { name: id, gate: 'AwaitApproval', taskToken }],
  ['AwaitEnd', accessRequest.AwaitEnd.input, { name: id, gate: 'AwaitEnd', taskToken }],
  ['LapseRequest', accessRequest.LapseRequest.input, { requestId: id }],
  ['ActivateGrant', accessRequest.ActivateGrant.input, { requestId: id }],
  ['RevokeSessions', accessRequest.RevokeSessions.input, { requestId: id }],
  ['ReportRevocationFailure', accessRequest.ReportRevocationFailure.input, { requestId: id, error: 'RoleBusy: …' }],
  ['hold-gate', holdGateContract.input, { name: alertId, gate: 'AwaitAnswer', taskToken }],
  ['AwaitAnswer', alertResponse.AwaitAnswer.input, { name: alertId, gate: 'AwaitAnswer', taskToken }],
  ['ExpireAlert', alertResponse.ExpireAlert.input, { alertId }],
  ['RevokeAlert', alertResponse.RevokeAlert.input, { alertId }],
  ['CloseAlert', alertResponse.CloseAlert.input, { alertId, result: 'The session is denied.' }],
  ['CloseAlert without a result', alertResponse.CloseAlert.input, { alertId }],
  ['ReportAlertFailure', alertResponse.ReportAlertFailure.input, { alertId, error: 'RoleBusy: …' }],
];

/** Of version 0.2, in which grants can be extended. */
const extendable: typeof inputs = [
  [
    'AwaitEnd',
    accessRequest.AwaitEnd.input,
    { name: id, gate: 'AwaitEnd', taskToken, until: '2026-11-22T10:30:00.000Z' },
  ],
  ['hold-gate', holdGateContract.input, { name: id, gate: 'AwaitEnd', taskToken, until: '2026-11-22T10:30:00.000Z' }],
  ['RevokeSessions', accessRequest.RevokeSessions.input, { requestId: id, end: 'when-due' }],
  ['RevokeSessions', accessRequest.RevokeSessions.input, { requestId: id, end: 'now' }],
];

describe('case 45: an input of version 0.2', () => {
  it.each(extendable)('of %s is still taken', (_, schema, input) => {
    expect(schema.parse(input)).toEqual(input);
  });
});

describe('case 45: an input of version 0.1', () => {
  it.each(inputs)('of %s is still taken', (_, schema, input) => {
    expect(schema.parse(input)).toEqual(input);
  });

  it.each(inputs)('of %s may have more in it than is read', (_, schema, input) => {
    expect(schema.safeParse({ ...(input as object), addedLater: true }).success).toBe(true);
  });
});

describe('case 45: what version 0.1 stored', () => {
  const nowMs = Date.parse('2026-11-22T10:30:00.000Z');
  const entry = { grantId: id, revokedAt: '2026-11-22T10:10:00.000Z', coversUntil: '2026-11-22T11:00:00.000Z' };
  /** Neither a digest, a pace nor the watermark's cause. */
  const ledger: Ledger = {
    roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
    version: 7,
    entriesVersion: 4,
    appliedVersion: 4,
    entries: [entry],
    watermark: { revokedAt: '2026-11-22T10:05:00.000Z', coversUntil: '2026-11-22T11:00:00.000Z' },
  };

  it('as a ledger is read, added to and pruned', () => {
    const other = { ...entry, grantId: '01KB0000000000000000000002' };
    expect(pruned(ledger, nowMs)).toBe(ledger);
    expect(withEntries(ledger, [other], nowMs)).toMatchObject({ entriesVersion: 5, entries: [entry, other] });
    expect(withLess(ledger).watermark).toMatchObject({ cause: { kind: 'overflow' } });
    expect(denyDocument(ledger, undefined)).toContain('"aws:TokenIssueTime":"2026-11-22T10:05:30.000Z"');
  });

  it('as a live grant, which was never interrupted, can be', () => {
    const minted = mintedOf([
      { mintId: 'm', intendedAt: '2026-11-22T10:00:00.500Z', expiresBy: '2026-11-22T11:00:00.500Z' },
    ]);
    const request = {
      id,
      version: 3,
      auditHead: '',
      personId: 'alice',
      entitlementId: 'orders-admin',
      accountId: '222222222222',
      roleName: 'daypass-jit-orders-admin',
      durationSec: 3600,
      reason: 'fixing INC-42',
      askedAt: '2026-11-22T09:59:00.000Z',
      lapsesAt: '2026-11-22T10:59:00.000Z',
      decision: { verdict: 'allowed', policyDigest: 'd', trace: [] },
      votes: [],
      ...(minted && { minted }),
      status: 'active',
      grant: { startsAt: '2026-11-22T10:00:00.000Z', endsAt: '2026-11-22T11:00:00.000Z' },
    } satisfies AccessRequest;
    const reason = { issuedBefore: '2026-11-22T10:05:30.000Z', cause: 'overflow' };
    expect(interrupt(request, reason, '2026-11-22T10:05:01.000Z')?.events.map(({ name }) => name)).toEqual([
      'grant.interrupted',
    ]);
    expect(
      interrupt({ ...request, interrupted: { issuedBefore: reason.issuedBefore } }, reason, '2026-11-22T10:06:00.000Z'),
    ).toBeUndefined();
  });
});
