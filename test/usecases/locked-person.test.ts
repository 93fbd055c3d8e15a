import { beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '#core/detection/finding.ts';
import { DaypassError } from '#core/errors.ts';
import { extensionById } from '#core/grant/extension.ts';
import { begun } from '#core/lockdown/change.ts';
import type { Login } from '#core/login/login.ts';
import type { Outcome } from '#core/refusal.ts';
import { firstBreak } from '#core/request/audit-chain.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { turnableClock } from '#local/clock.ts';
import type { Ports } from '#ports/ports.ts';
import { openWorld, type World, withPorts } from '#test/kit/world.ts';
import { answerAlert } from '#usecases/alert/answer-alert.ts';
import { raiseAlert } from '#usecases/alert/raise-alert.ts';
import { askExtension } from '#usecases/ask/ask-extension.ts';
import { cancelRequest } from '#usecases/ask/cancel-request.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { answerExtension } from '#usecases/decide/answer-extension.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { activateGrant, windowOf } from '#usecases/grant/activate-grant.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { mintCredentials } from '#usecases/grant/mint-credentials.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { findLocked } from '#usecases/lockdown/find-locked.ts';
import { liftLockdownByAws } from '#usecases/lockdown/lift-by-aws.ts';
import { liftLockdown, lockdownOn } from '#usecases/lockdown/lift-lockdown.ts';
import { previewLockdown } from '#usecases/lockdown/preview-lockdown.ts';
import { revokeLocked } from '#usecases/lockdown/revoke-locked.ts';
import { settleLockdowns } from '#usecases/lockdown/settle-lockdowns.ts';
import { confirmLogin, denyLogin } from '#usecases/login/confirm-login.ts';

// Bob may do everything that the sample policy lets anybody do. Carol locks him down.

const clock = turnableClock();
let world: World;
let login: Login;
let duringSts: () => Promise<unknown>;
beforeEach(() => {
  world = openWorld({ clock });
  duringSts = async () => undefined;
  login = {
    id: 'L1',
    version: 1,
    status: 'waiting',
    deviceCodeHash: 'hash',
    userCode: 'BCDF-GHJK',
    askedFrom: { ip: '192.0.2.7', program: 'daypass CLI' },
    askedAt: new Date(clock.nowMs()).toISOString(),
    codeExpiresAt: new Date(clock.nowMs() + 600_000).toISOString(),
  };
});

const ports = (): Ports => {
  const { assumeRole } = world.ports.tokenService;
  return withPorts(world.ports, {
    tokenService: { assumeRole: async (order) => duringSts().then(() => assumeRole(order)) },
    logins: {
      byUserCode: async () => login,
      save: async (next: Login) => {
        login = next;
      },
    },
  });
};

const ask = { entitlementId: 'orders-admin', durationSec: 600, reason: 'fixing INC-42' };
const asked = async (personId: string, entitlementId = 'orders-admin'): Promise<string> => {
  const requestId = ports().ids.ulid();
  await submitRequest({ requestId, personId, ...ask, entitlementId }, ports());
  return requestId;
};
const vote = (requestId: string, personId: string, verdict: 'approve' | 'deny' = 'approve') =>
  castVote({ requestId, personId, verdict, reason: 'because' }, ports());
const live = async (personId: string, approver: string): Promise<string> => {
  const requestId = await asked(personId);
  await vote(requestId, approver);
  await activateGrant({ requestId }, ports());
  return requestId;
};
const extended = async (): Promise<{ requestId: string; extensionId: string }> => {
  const [requestId, extensionId] = [await live('alice', 'carol'), ports().ids.ulid()];
  await askExtension({ requestId, extensionId, personId: 'alice', bySec: 600, reason: 'INC-42' }, ports());
  return { requestId, extensionId };
};
const finding: Finding = {
  detection: 'assumed-without-grant',
  severity: 'critical',
  dedupKey: 'x',
  summary: 'Somebody took orders-admin.',
  at: '2026-11-22T10:00:00.000Z',
  eventId: 'E1',
  accountId: '222222222222',
  roleArn: 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin',
  session: { userId: 'AROAEXAMPLE:mallory', expiresBy: '2026-11-22T11:00:00.000Z' },
  facts: {},
};

const ofBob = { kind: 'person', personId: 'bob' } as const;
const lockBob = async (lockdownId = ports().ids.ulid()): Promise<string> => {
  const outcome = await beginLockdown(
    { lockdownId, scope: ofBob, reason: 'laptop stolen', personId: 'carol' },
    ports(),
  );
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return lockdownId;
};
/** What the workflow does. */
const work = async (lockdownId: string): Promise<void> => {
  for (;;) {
    const { slices } = await findLocked({ lockdownId }, ports());
    if (slices.length === 0) return;
    for (const subjects of slices) await revokeLocked({ lockdownId, subjects }, ports());
  }
};
const stored = async (id: string): Promise<AccessRequest> => {
  const request = await ports().requests.get(id);
  if (!request) throw new Error(`There is no request ${id}.`);
  return request;
};
const said = (outcome: Outcome<unknown>): string => (outcome.ok ? 'done' : outcome.refusal.code);

describe('somebody locked down may say no and end what is theirs, nothing else', () => {
  /** Each is set up while Bob is free, and tried while he is locked down. */
  const acts: Readonly<
    Record<string, [expected: 'done' | 'locked-down', prepare: () => Promise<() => Promise<Outcome<unknown>>>]>
  > = {
    'denies a request': [
      'done',
      async () => {
        const id = await asked('alice');
        return () => vote(id, 'bob', 'deny');
      },
    ],
    'denies an extension': [
      'done',
      async () => {
        const which = await extended();
        return () => answerExtension({ ...which, personId: 'bob', verdict: 'deny', reason: 'no' }, ports());
      },
    ],
    'turns a login away': ['done', async () => () => denyLogin({ userCode: login.userCode, personId: 'bob' }, ports())],
    'is done with a grant': [
      'done',
      async () => {
        const requestId = await live('bob', 'carol');
        return () => endGrant({ requestId, personId: 'bob', reason: 'done' }, ports());
      },
    ],
    'revokes a grant of their own': [
      'done',
      async () => {
        const requestId = await live('bob', 'carol');
        return () => endGrant({ requestId, personId: 'bob', reason: 'revoked' }, ports());
      },
    ],
    'takes a request back': [
      'done',
      async () => {
        const requestId = await asked('bob');
        return () => cancelRequest({ requestId, personId: 'bob' }, ports());
      },
    ],
    'approves a request': [
      'locked-down',
      async () => {
        const id = await asked('alice');
        return () => vote(id, 'bob');
      },
    ],
    'approves an extension': [
      'locked-down',
      async () => {
        const which = await extended();
        return () => answerExtension({ ...which, personId: 'bob', verdict: 'approve' }, ports());
      },
    ],
    'asks for access': [
      'locked-down',
      async () => () => submitRequest({ requestId: ports().ids.ulid(), personId: 'bob', ...ask }, ports()),
    ],
    'asks for more time': [
      'locked-down',
      async () => {
        const [requestId, extensionId] = [await live('bob', 'carol'), ports().ids.ulid()];
        return () => askExtension({ requestId, extensionId, personId: 'bob', bySec: 60, reason: 'INC-42' }, ports());
      },
    ],
    'takes credentials': [
      'locked-down',
      async () => {
        const requestId = await live('bob', 'carol');
        return () => mintCredentials({ requestId, personId: 'bob' }, ports());
      },
    ],
    'revokes a grant of somebody else': [
      'locked-down',
      async () => {
        const requestId = await live('alice', 'carol');
        return () => endGrant({ requestId, personId: 'bob', reason: 'revoked' }, ports());
      },
    ],
    'presses Expected on an alert': [
      'locked-down',
      async () => {
        const { id: alertId } = await raiseAlert(finding, ports());
        return () => answerAlert({ alertId, personId: 'bob', action: 'expected' }, ports());
      },
    ],
    'presses Revoke on an alert': [
      'locked-down',
      async () => {
        const { id: alertId } = await raiseAlert(finding, ports());
        return () => answerAlert({ alertId, personId: 'bob', action: 'revoke' }, ports());
      },
    ],
    'locks somebody down': [
      'locked-down',
      async () => () =>
        beginLockdown(
          {
            lockdownId: ports().ids.ulid(),
            scope: { kind: 'person', personId: 'carol' },
            reason: 'revenge',
            personId: 'bob',
          },
          ports(),
        ),
    ],
    'looks at what a lockdown would hit': [
      'locked-down',
      async () => () => previewLockdown({ scope: { kind: 'person', personId: 'carol' }, personId: 'bob' }, ports()),
    ],
    'opens a lift': [
      'locked-down',
      async () => () => lockdownOn({ kind: 'person', name: 'bob', personId: 'bob' }, ports()),
    ],
    'lifts a lockdown': [
      'locked-down',
      async () => async () => {
        const [lockdown] = (await ports().lockdowns.register()).lockdowns;
        return liftLockdown({ lockdownId: lockdown?.id ?? '', personId: 'bob', reason: 'over' }, ports());
      },
    ],
    'confirms a login': [
      'locked-down',
      async () => () => confirmLogin({ userCode: login.userCode, personId: 'bob' }, ports()),
    ],
  };

  const cases = Object.entries(acts).map(([act, [expected, prepare]]) => [act, expected, prepare] as const);
  it.each(cases)('%s: %s', async (_, expected, prepare) => {
    const act = await prepare();
    await lockBob();
    expect(said(await act())).toBe(expected);
  });

  it('and may do each of them while only a role or an account is locked down that it is not about', async () => {
    const [act, revoke] = [
      await (acts['presses Expected on an alert']?.[1] ?? fail)(),
      await (acts['revokes a grant of somebody else']?.[1] ?? fail)(),
    ];
    for (const scope of [
      { kind: 'account', accountId: '333333333333' },
      { kind: 'role', accountId: '222222222222', roleName: 'daypass-jit-orders-read' },
    ] as const) {
      const order = { lockdownId: ports().ids.ulid(), scope, reason: 'INC-43', personId: 'carol' };
      expect(said(await beginLockdown(order, ports()))).toBe('done');
    }
    expect([said(await act()), said(await revoke())]).toEqual(['done', 'done']);
  });
});

const fail = (): never => {
  throw new Error('There is no such act.');
};

it('of two people who lock each other down at once one succeeds', async () => {
  const down = (personId: string, other: string) =>
    beginLockdown(
      { lockdownId: ports().ids.ulid(), scope: { kind: 'person', personId: other }, reason: 'INC-43', personId },
      ports(),
    );
  const outcomes = await Promise.all([down('bob', 'carol'), down('carol', 'bob')]);
  expect(outcomes.map(said).sort()).toEqual(['done', 'locked-down']);
});

describe('whoever holds AWS credentials of the hub', () => {
  const arn = 'arn:aws:iam::111111111111:user/hub-admin';
  const lift = (lockdownId: string, reason = 'they locked each other out') =>
    liftLockdownByAws({ lockdownId, arn, reason }, ports());

  it('lifts where everybody is locked down who could, audited under their ARN, and it always alerts', async () => {
    const lockdownId = await lockBob();
    const scope = { kind: 'person', personId: 'carol' } as const;
    const register = await ports().lockdowns.register();
    const at = new Date(clock.nowMs()).toISOString();
    // As a version before the gate let Bob do.
    const other = begun({ id: ports().ids.ulid(), scope, reason: 'revenge', at, by: 'bob' }, {});
    await ports().lockdowns.save(other, register);
    expect(said(await liftLockdown({ lockdownId, personId: 'carol', reason: 'over' }, ports()))).toBe('locked-down');
    expect(await lift(lockdownId)).toMatchObject({ ok: true, value: { status: 'lifted', liftedBy: arn } });
    expect((await ports().lockdowns.audit(lockdownId)).at(-1)).toMatchObject({ fact: 'lockdown.lifted', actor: arn });
    expect([...world.memory.alerts.values()]).toMatchObject([
      {
        detection: 'lifted-by-aws',
        severity: 'high',
        first: { summary: expect.stringContaining('The lockdown of Bob is lifted'), facts: { By: arn } },
      },
    ]);
    expect(world.published.map(({ name }) => name)).toContain('alert.raised');
  });

  it('lifts nothing where the alert cannot be saved', async () => {
    const lockdownId = await lockBob();
    const alerts = { ...ports().alerts, save: () => Promise.reject(new Error('out of reach')) };
    await expect(
      liftLockdownByAws({ lockdownId, arn, reason: 'they locked each other out' }, { ...ports(), alerts }),
    ).rejects.toThrow('out of reach');
    expect((await ports().lockdowns.register()).lockdowns).toHaveLength(1);
  });

  it('says why, and lifting twice is nothing', async () => {
    const lockdownId = await lockBob();
    expect(said(await lift(lockdownId, ' '))).toBe('invalid-input');
    expect([said(await lift(lockdownId)), said(await lift(lockdownId)), said(await lift('01J'))]).toEqual([
      'done',
      'done',
      'not-found',
    ]);
    expect(world.memory.alerts.size).toBe(1);
  });
});

describe('the earlier approval of somebody who is locked down', () => {
  it('does not count when the next vote is cast, and is struck for good', async () => {
    const id = await asked('alice', 'payments-admin');
    await vote(id, 'bob');
    const lockdownId = await lockBob();
    expect(await vote(id, 'carol')).toMatchObject({ ok: true, value: { status: 'pending' } });
    const request = await stored(id);
    expect(request.votes).toEqual([
      expect.objectContaining({ personId: 'bob', struck: { at: expect.any(String), lockdownId } }),
      expect.not.objectContaining({ struck: expect.anything() }),
    ]);
    await liftLockdown({ lockdownId, personId: 'carol', reason: 'over' }, ports());
    expect(await stored(id)).toMatchObject({ status: 'pending' });
    expect(await vote(id, 'bob')).toMatchObject({ ok: true, value: { status: 'approved' } });
    expect(firstBreak(await ports().requests.audit(id), (await stored(id)).auditHead)).toBeUndefined();
  });

  it('does not count when the window would begin: the request waits for votes again', async () => {
    const id = await asked('alice');
    await vote(id, 'bob');
    await lockBob();
    const request = await activateGrant({ requestId: id }, ports());
    expect(request.status).toBe('pending');
    expect(() => windowOf(request)).toThrow(expect.objectContaining({ name: 'RequestPending' }));
    expect(await vote(id, 'carol')).toMatchObject({ value: { status: 'approved' } });
    expect((await activateGrant({ requestId: id }, ports())).status).toBe('active');
  });

  it('does not count for more time either', async () => {
    const requestId = await live('alice', 'carol');
    const extensionId = ports().ids.ulid();
    await askExtension({ requestId, extensionId, personId: 'alice', bySec: 600, reason: 'INC-42' }, ports());
    await answerExtension({ requestId, extensionId, personId: 'bob', verdict: 'approve' }, ports());
    await lockBob();
    expect(await mintCredentials({ requestId, personId: 'alice' }, ports())).toMatchObject({
      refusal: { code: 'locked-down', next: { do: 'await-approval', requestId } },
    });
    expect(await vote(requestId, 'carol')).toMatchObject({ value: { status: 'active' } });
    expect(extensionById(await stored(requestId), extensionId)?.votes.map(({ personId }) => personId)).toEqual([
      'bob',
      'carol',
    ]);
    expect(said(await mintCredentials({ requestId, personId: 'alice' }, ports()))).toBe('done');
  });

  it('does not count at the next mint: the grant goes on without credentials until somebody else approves it', async () => {
    const requestId = await live('alice', 'bob');
    const mint = () => mintCredentials({ requestId, personId: 'alice' }, ports());
    expect(said(await mint())).toBe('done');
    await lockBob();
    expect(await mint()).toMatchObject({
      refusal: {
        code: 'locked-down',
        message: 'orders-admin needs a fresh vote: what Bob approved no longer counts, because of a lockdown.',
      },
    });
    expect(await stored(requestId)).toMatchObject({ status: 'active', votes: [{ personId: 'bob', struck: {} }] });
    expect(said(await vote(requestId, 'alice'))).toBe('own-request');
    expect(said(await vote(requestId, 'bob'))).toBe('locked-down');
    expect(said(await vote(requestId, 'dave'))).toBe('not-an-approver');
    const { grant } = (await stored(requestId)) as Extract<AccessRequest, { status: 'active' }>;
    expect(await vote(requestId, 'carol')).toMatchObject({ value: { status: 'active', grant } });
    expect(said(await mint())).toBe('done');
    expect(said(await vote(requestId, 'carol'))).toBe('done');
  });

  it('does not count while STS is answering: nothing is handed out', async () => {
    const requestId = await live('alice', 'bob');
    duringSts = lockBob;
    expect(await mintCredentials({ requestId, personId: 'alice' }, ports())).toMatchObject({
      refusal: { code: 'locked-down' },
    });
  });

  it('is struck by the workflow, wherever it counted, and nobody else’s access ends', async () => {
    const [granted, waiting] = [await live('alice', 'bob'), await asked('alice', 'payments-admin')];
    const other = await live('bob', 'carol');
    await vote(waiting, 'bob');
    const lockdownId = await lockBob();
    await work(lockdownId);
    expect([await stored(granted), await stored(waiting), await stored(other)]).toMatchObject([
      { status: 'active', votes: [{ personId: 'bob', struck: { lockdownId } }] },
      { status: 'pending', votes: [{ personId: 'bob', struck: { lockdownId } }] },
      { status: 'ended' },
    ]);
    expect(world.published.filter(({ name }) => name === 'votes.struck')).toHaveLength(2);
    expect(await findLocked({ lockdownId }, ports())).toEqual({ slices: [] });
    expect((await ports().lockdowns.hits(lockdownId)).map(({ outcome }) => outcome)).toEqual(['verified']);
  });

  it('is struck by a later sweep where it cannot be stored, once in each, and is nothing that could not be ended', async () => {
    const granted = await live('alice', 'bob');
    const lockdownId = await lockBob();
    await clock.turn(61_000);
    let tries = 0;
    const { save } = world.ports.requests;
    const failing = withPorts(ports(), {
      workflows: { status: async () => 'ended' },
      requests: {
        save: async (change: Parameters<typeof save>[0]) => {
          tries++;
          // A sweep that never gave up would never come to an end here.
          if (tries <= 3) throw new DaypassError('StoreUnavailable', 'The database answers with errors.');
          return save(change);
        },
      },
    });
    const failed = async () => (await ports().lockdowns.hits(lockdownId)).filter(({ outcome }) => outcome === 'failed');
    for (const sweep of [1, 2, 3]) {
      await settleLockdowns(failing);
      expect([tries, await failed()]).toEqual([sweep, []]);
    }
    await settleLockdowns(failing);
    expect(await stored(granted)).toMatchObject({
      status: 'active',
      votes: [{ personId: 'bob', struck: { lockdownId } }],
    });
    expect(await settleLockdowns(failing)).toEqual([]);
  });
});
