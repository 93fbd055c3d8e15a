import { describe, expect, it } from 'vitest';
import { judgeBoundary, judgeOpened } from '#cli/doctor/checks/boundary.ts';
import { judgeDenyRoom } from '#cli/doctor/checks/deny-room.ts';
import { judgeRevocations } from '#cli/doctor/checks/revocations.ts';
import { judgeManagedTrust } from '#cli/doctor/checks/role-trust.ts';
import { denyDocument } from '#core/ledger/document.ts';
import { emptyLedger, type Ledger } from '#core/ledger/ledger.ts';
import { boundaryDocument } from '#deploy/onboarding/boundary.ts';
import { managedRoleTrust } from '#deploy/onboarding/managed-role.ts';
import type { AccountPlan, ManagedRolePlan } from '#deploy/onboarding/plan.ts';

describe('the room for the deny', () => {
  const filled = (length: number): string => `{"Resource":"${'r'.repeat(length - 15)}"}`;
  it.each([
    [0, 'ok'],
    [8_192, 'ok'],
    [8_193, 'warning'],
    [9_728, 'warning'],
    [9_729, 'failure'],
    [10_240, 'failure'],
  ])('beside %i characters is %s', (taken, status) => {
    expect(judgeDenyRoom(taken === 0 ? {} : { permissions: filled(taken) }).status).toBe(status);
  });

  it('counts no white space, as IAM does', () => {
    const spaced = { permissions: `{"Resource":"x"${' '.repeat(10_000)}}` };
    expect(judgeDenyRoom(spaced).found).toBe('10,224 of 10,240 characters of inline policy are left for the deny.');
  });

  it('that the deny itself takes up is no failure: its oldest entries make way', () => {
    expect(judgeDenyRoom({ AWSRevokeOlderSessions: filled(10_200) })).toMatchObject({
      status: 'warning',
      todo: expect.stringContaining('expire'),
    });
  });
});

describe('revocations', () => {
  const arn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
  const name = 'daypass-jit-orders-admin';
  const entry = {
    grantId: '01J9ZX5T8R5C6X3K4M2N7P8Q9R',
    revokedAt: '2026-11-22T10:00:00.000Z',
    coversUntil: '2026-11-22T11:00:00.000Z',
  };
  const ledger: Ledger = { ...emptyLedger(arn), version: 2, entriesVersion: 1, appliedVersion: 1, entries: [entry] };
  const inForce = denyDocument(ledger, undefined) ?? '';
  const byHand = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';
  const of = (deny?: string) => ({ name, inline: deny === undefined ? {} : { AWSRevokeOlderSessions: deny } });

  it.each([
    ['nothing revoked, nothing denied', 'ok', emptyLedger(arn), of()],
    ['what is revoked is denied', 'ok', ledger, of(inForce)],
    ['somebody revoked by hand', 'ok', emptyLedger(arn), of(byHand)],
    ['the deny is gone', 'failure', ledger, of()],
    ['the deny is another one', 'failure', ledger, of(byHand)],
    ['the last one is not applied', 'failure', { ...ledger, entriesVersion: 2 }, of(inForce)],
    ['a deny of ours without a reason', 'warning', emptyLedger(arn), of(inForce)],
  ] as const)('%s: %s', (_, status, kept, facts) => {
    expect(judgeRevocations(kept, facts, Date.parse('2026-11-22T10:30:00.000Z')).status).toBe(status);
  });

  it('matter until the last credential that they cover has expired', () => {
    const afterwardsMs = Date.parse('2026-11-22T11:00:01.000Z');
    expect(judgeRevocations(ledger, of(), afterwardsMs)).toMatchObject({
      status: 'ok',
      found: 'Nothing is revoked at present.',
    });
    expect(judgeRevocations({ ...ledger, entriesVersion: 2 }, of(), afterwardsMs).status).toBe('failure');
  });
});

describe('a trust policy', () => {
  const brokers = ['arn:aws:iam::111111111111:role/daypass-mint-credentials'];
  const role: ManagedRolePlan = {
    roleName: 'daypass-jit-orders-admin',
    entitlementIds: ['orders-admin'],
    tagKeys: ['daypass:grant', 'daypass:entitlement'],
    permissions: { statements: [], managedPolicyArns: [] },
  };
  const account: AccountPlan = { accountId: '222222222222', name: 'production', externalIds: ['one'], roles: [role] };
  const trust = (externalIds: readonly string[]) => managedRoleTrust(role, brokers, externalIds);
  const judge = (document: unknown) => judgeManagedTrust(JSON.stringify(document), role, account, brokers);
  const edited = (change: (statements: Record<string, Record<string, unknown>>[]) => void): unknown => {
    const document = JSON.parse(JSON.stringify(trust(['one']))) as {
      Statement: Record<string, Record<string, unknown>>[];
    };
    change(document.Statement);
    return document;
  };

  it('is the same however it is written', () => {
    const text = JSON.stringify({ ...trust(['one']), Statement: [...trust(['one']).Statement].reverse() });
    const spelt = text.replace('["one"]', '"one"').replace('"Action":"sts:AssumeRole"', '"Action":["sts:AssumeRole"]');
    expect(spelt).not.toBe(text);
    expect(judgeManagedTrust(spelt, role, account, brokers).status).toBe('ok');
  });

  it('is the same in whatever order it lists who may take the role', () => {
    const two = [...brokers, 'arn:aws:iam::111111111111:role/daypass-other'];
    const text = JSON.stringify(managedRoleTrust(role, two, ['one']));
    const turned = text.replaceAll(JSON.stringify(two), JSON.stringify([...two, ...two].reverse()));
    expect(turned).not.toBe(text);
    expect(judgeManagedTrust(turned, role, account, two).status).toBe('ok');
  });

  it('that anybody may use with no external id, or that names a stranger, is told by that', () => {
    const open = edited((statements) => {
      for (const { Condition } of statements) delete Condition?.StringEquals;
    });
    expect(judge(open).found).toBe('daypass-jit-orders-admin can be taken without the account’s external id.');
    const shared = edited(([assume]) => {
      if (assume) assume.Principal = { AWS: [...brokers, 'arn:aws:iam::333333333333:root'] };
    });
    expect(judge(shared).found).toBe('daypass-jit-orders-admin can also be taken by arn:aws:iam::333333333333:root.');
  });

  it('that also takes a second external id is in the middle of a change', () => {
    expect(judge(trust(['one', 'two'])).status).toBe('warning');
  });

  it.each([
    ['takes another external id', trust(['two'])],
    [
      'asks for no grant',
      edited(([assume]) => {
        delete assume?.Condition?.Null;
      }),
    ],
    [
      'lets any tag pass',
      edited(([, tag]) => {
        delete tag?.Condition;
      }),
    ],
    [
      'lets somebody in beside',
      {
        ...trust(['one']),
        Statement: [...trust(['one']).Statement, { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
      },
    ],
    ['is empty', {}],
    ['is no document', 'nothing'],
  ])('that %s is a failure', (_, document) => {
    expect(judge(document).status).toBe('failure');
  });

  it('that asks for less is told by what it no longer asks for', () => {
    const document = edited(([assume]) => {
      delete assume?.Condition?.Null;
    });
    expect(judge(document).found).toBe(
      'daypass-jit-orders-admin can be taken without aws:RequestTag/daypass:grant, sts:SourceIdentity.',
    );
  });

  it('is never shown with an external id', () => {
    const document = edited(([assume]) => {
      if (assume) assume.Resource = { x: 'y' };
    });
    const secret = 'dp-production-7f3a91c2';
    const text = JSON.stringify(document).replace('"one"', `"${secret}"`);
    const verdict = judgeManagedTrust(text, role, { ...account, externalIds: [secret] }, brokers);
    expect(verdict).toMatchObject({
      status: 'failure',
      found: expect.stringContaining('"sts:ExternalId":"(not shown)"'),
    });
    expect(JSON.stringify(verdict)).not.toContain(secret);
  });
});

describe('what sessions may make that lives on after them', () => {
  it('is told for each role, with who opens it and how long it works', () => {
    expect(judgeOpened()).toEqual({
      status: 'ok',
      found: 'The access policy opens nothing to its sessions that lives on after them.',
    });
    expect(judgeOpened({ 'registry-token': ['orders-admin'], 'kubernetes-access': ['orders-admin', 'ops'] })).toEqual({
      status: 'ok',
      found:
        'orders-admin may make a token for ECR’s registries, which works for up to 12 hours; orders-admin, ops may make access to a Kubernetes cluster, which works until somebody removes it (opens in the access policy).',
    });
  });

  it('is a failure of the boundary where the account was onboarded before it was closed or opened', () => {
    const written = [{ chainTargets: [], opened: { 'registry-token': ['orders-admin'] } }];
    const as = (document: object) => judgeBoundary(JSON.stringify(document), 'production', written).status;
    expect(as(boundaryDocument([], [], { 'registry-token': ['orders-admin'] }))).toBe('ok');
    expect(as(boundaryDocument([]))).toBe('failure');
    const before = boundaryDocument([]).Statement.filter(({ Sid }) => !/^OutlivesItsSession/.test(String(Sid)));
    expect(as({ Version: '2012-10-17', Statement: before })).toBe('failure');
  });
});

describe('the boundary', () => {
  const judge = (document: unknown) => judgeBoundary(JSON.stringify(document), 'production');
  it('may let sessions pass the roles that an installation chose', () => {
    expect(judge(boundaryDocument([])).status).toBe('ok');
    expect(judge(boundaryDocument(['app-*']))).toMatchObject({ status: 'ok', found: expect.stringContaining('app-*') });
  });

  it.each([
    ['lets any role be passed', boundaryDocument(['*'])],
    ['lets Daypass’s own be passed', boundaryDocument(['daypass-revoker'])],
    ['lost a denial', { ...boundaryDocument([]), Statement: boundaryDocument([]).Statement.slice(0, -1) }],
    ['allows everything', { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
  ])('that %s is a failure', (_, document) => {
    expect(judge(document).status).toBe('failure');
  });

  it('that is not there is one too', () => {
    expect(judgeBoundary(undefined, 'production')).toMatchObject({
      status: 'failure',
      todo: expect.stringContaining('daypass onboard production'),
    });
  });
});
