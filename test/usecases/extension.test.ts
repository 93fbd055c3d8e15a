import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostExtensions } from '#core/grant/extension.ts';
import { firstBreak } from '#core/request/audit-chain.ts';
import type { AccessRequest, GrantedRequest } from '#core/request/request.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { withPorts } from '#test/kit/world.ts';
import { askExtension } from '#usecases/ask/ask-extension.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { answerExtension } from '#usecases/decide/answer-extension.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import { activateGrant } from '#usecases/grant/activate-grant.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { mintCredentials } from '#usecases/grant/mint-credentials.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { liftLockdown } from '#usecases/lockdown/lift-lockdown.ts';
import { revokeSessions } from '#usecases/revoke/revoke-sessions.ts';
import { holdGate } from '#usecases/workflow/hold-gate.ts';
import { openGate } from '#usecases/workflow/open-gate.ts';
import { grantWorld } from './grant-world.ts';

const { clock, now, ports, asked, live } = grantWorld();

const hour = 3600;
const ask = (
  requestId: string,
  { bySec = hour, extensionId = ports().ids.ulid(), personId = 'alice', reason = 'INC-42 takes longer' } = {},
) => askExtension({ requestId, extensionId, personId, bySec, reason }, ports());
const vote = (requestId: string, extensionId: string, personId = 'bob', verdict: 'approve' | 'deny' = 'approve') =>
  answerExtension({ requestId, extensionId, personId, verdict, reason: 'enough for today' }, ports());
const stored = async (requestId: string): Promise<AccessRequest> => {
  const request = await ports().requests.get(requestId);
  if (!request) throw new Error(`There is no request ${requestId}.`);
  return request;
};
const windowOf = async (requestId: string): Promise<number> => {
  const { grant } = (await stored(requestId)) as GrantedRequest;
  return (Date.parse(grant.endsAt) - Date.parse(grant.startsAt)) / 1000;
};
const waiting = async (bySec = hour): Promise<{ requestId: string; extensionId: string }> => {
  const requestId = await live(hour);
  const extensionId = ports().ids.ulid();
  expect((await ask(requestId, { bySec, extensionId })).ok).toBe(true);
  return { requestId, extensionId };
};
const auditHolds = async (requestId: string): Promise<void> => {
  const entries = await ports().requests.audit(requestId);
  expect(firstBreak(entries, (await stored(requestId)).auditHead)).toBeUndefined();
};
const refusal = async (outcome: Promise<unknown>): Promise<string> => {
  const refused = (await outcome) as { refusal?: { code: string; message: string } };
  return `${refused.refusal?.code}: ${refused.refusal?.message}`;
};

/** No role is written in these: a grant without a session has nothing to deny. */
const untouched = () => Promise.reject(new Error('No role should have been touched.'));
const revoking = () => ({
  ...withPorts(ports(), { targetRoles: { readDeny: untouched, writeDeny: untouched, otherPolicies: untouched } }),
  pause: untouched,
});

describe('an extension that needs approval', () => {
  it('moves the end only with the vote, by what was asked for, counted from the start of the window', async () => {
    const { requestId, extensionId } = await waiting();
    expect(await windowOf(requestId)).toBe(hour);
    await clock.turn(10 * 60_000);
    expect((await vote(requestId, extensionId)).ok).toBe(true);
    expect(await windowOf(requestId)).toBe(2 * hour);
    expect(now.world.published.map(({ name }) => name).slice(-2)).toEqual(['extension.asked', 'grant.extended']);
    await auditHolds(requestId);
  });

  it('stays small in the request, and in the audit it has the decision with its trace', async () => {
    const { requestId, extensionId } = await waiting();
    const request = await stored(requestId);
    expect(request.extensions).toMatchObject([{ id: extensionId, decision: { verdict: 'needs-approval', trace: [] } }]);
    const asked = (await ports().requests.audit(requestId)).find(({ fact }) => fact === 'extension.asked');
    const trace = asked?.detail.trace as { rule: string; result: string }[];
    expect(trace.map(({ rule }) => rule)).toContain('entitlements.orders-admin.duration.max');
    expect(new Set(trace.map(({ result }) => result))).toEqual(new Set(['satisfied']));
    await vote(requestId, extensionId);
    expect(JSON.stringify((await stored(requestId)).extensions).length).toBeLessThan(700);
    await auditHolds(requestId);
  });

  it('gives credentials that are minted afterwards the new end, and those before it keep theirs', async () => {
    const { requestId, extensionId } = await waiting();
    await mintCredentials({ requestId, personId: 'alice' }, ports());
    await vote(requestId, extensionId);
    await mintCredentials({ requestId, personId: 'alice' }, ports());
    const ends = now.world.orders.map(
      ({ sessionPolicy }) => /"aws:CurrentTime":"([^"]+)"/.exec(sessionPolicy)?.[1] ?? '',
    );
    expect(Date.parse(ends[1] ?? '') - Date.parse(ends[0] ?? '')).toBe(hour * 1000);
  });

  it('of which STS was not told yet does not make credentials seem to live longer than they do', async () => {
    const { requestId, extensionId } = await waiting();
    const { grant } = (await stored(requestId)) as GrantedRequest;
    await clock.turn(50 * 60_000);
    now.duringSts = () => vote(requestId, extensionId);
    const minted = await mintCredentials({ requestId, personId: 'alice' }, ports());
    expect(await windowOf(requestId)).toBe(2 * hour);
    expect(now.world.orders[0]?.sessionPolicy).toContain(grant.endsAt);
    expect(minted).toMatchObject({ ok: true, value: { credentials: { expiresAt: grant.endsAt } } });
  });

  it('is never one’s own to approve, nor that of somebody who may not', async () => {
    const { requestId, extensionId } = await waiting();
    expect(await refusal(vote(requestId, extensionId, 'alice'))).toMatch(/^own-request/);
    expect(await refusal(vote(requestId, extensionId, 'dave'))).toMatch(/^not-an-approver/);
    expect(await windowOf(requestId)).toBe(hour);
  });

  it('is answered once: a second click changes nothing, and a vote is not turned round', async () => {
    const { requestId, extensionId } = await waiting();
    await vote(requestId, extensionId);
    const after = await stored(requestId);
    expect((await vote(requestId, extensionId)).ok).toBe(true);
    expect(await refusal(vote(requestId, extensionId, 'bob', 'deny'))).toMatch(/^already-decided/);
    expect(await stored(requestId)).toEqual(after);
  });

  it('that was denied leaves the grant its end, and more time may be asked for again', async () => {
    const { requestId, extensionId } = await waiting();
    await vote(requestId, extensionId, 'bob', 'deny');
    expect(await stored(requestId)).toMatchObject({
      status: 'active',
      extensions: [{ status: 'denied', deniedBy: 'bob', deniedReason: 'enough for today' }],
    });
    expect(await windowOf(requestId)).toBe(hour);
    expect((await ask(requestId)).ok).toBe(true);
    // The button of the one that was denied approves nothing that was asked for later.
    expect(await refusal(vote(requestId, extensionId, 'carol'))).toMatch(/^already-decided/);
    expect(await windowOf(requestId)).toBe(hour);
  });

  it('takes as many different people as a request does', async () => {
    now.world.govern(
      samplePolicy(['approval: { count: 1, of: [leads] }', 'approval: { count: 2, of: [leads, developers] }']),
    );
    const requestId = await asked(hour);
    for (const personId of ['bob', 'carol']) await castVote({ requestId, personId, verdict: 'approve' }, ports());
    await activateGrant({ requestId }, ports());
    const extensionId = ports().ids.ulid();
    await ask(requestId, { extensionId });
    await vote(requestId, extensionId);
    expect(await refusal(vote(requestId, extensionId))).toMatch(/^already-voted/);
    expect(await windowOf(requestId)).toBe(hour);
    await vote(requestId, extensionId, 'carol');
    expect(await windowOf(requestId)).toBe(2 * hour);
  });

  it('holds as long as its own approvers may approve: where one no longer may, the grant ends at the next mint', async () => {
    const requestId = await asked(hour);
    await castVote({ requestId, personId: 'carol', verdict: 'approve' }, ports());
    await activateGrant({ requestId }, ports());
    const extensionId = ports().ids.ulid();
    await ask(requestId, { extensionId });
    await vote(requestId, extensionId, 'bob');
    now.world.govern(samplePolicy(['leads: [bob, carol]', 'leads: [carol]']));
    expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(false);
    expect(await stored(requestId)).toMatchObject({ status: 'ending', end: { reason: 'policy-changed' } });
  });

  it('is not approved where the grant itself is not allowed any more', async () => {
    const { requestId, extensionId } = await waiting();
    now.world.govern(samplePolicy(['developers: [alice, bob, carol]', 'developers: [bob, carol]']));
    expect(await refusal(vote(requestId, extensionId))).toMatch(/^refused-by-policy/);
    expect(await windowOf(requestId)).toBe(hour);
  });
});

it('an extension that needs no approval moves the end at once', async () => {
  const requestId = ports().ids.ulid();
  const order = { personId: 'alice', entitlementId: 'orders-read', durationSec: 600, reason: 'looking at INC-42' };
  await submitRequest({ requestId, ...order }, ports());
  await activateGrant({ requestId }, ports());
  expect((await ask(requestId, { bySec: 600 })).ok).toBe(true);
  expect(await windowOf(requestId)).toBe(1200);
  expect(now.world.published.at(-1)?.name).toBe('grant.extended');
});

describe('who asks to extend', () => {
  it('is the holder alone; to anybody else there is no such request', async () => {
    const requestId = await live(hour);
    expect(await refusal(ask(requestId, { personId: 'carol' }))).toMatch(/^not-found/);
  });

  it('asks once, however often it is sent', async () => {
    const { requestId, extensionId } = await waiting();
    const before = await stored(requestId);
    expect((await ask(requestId, { extensionId })).ok).toBe(true);
    expect(await stored(requestId)).toEqual(before);
  });

  it('is told that another one waits', async () => {
    const { requestId } = await waiting();
    expect(await refusal(ask(requestId))).toBe(
      'already-decided: You have already asked to extend your grant of orders-admin, and nobody has answered yet.',
    );
  });

  it('gives a reason, as for a request', async () => {
    const requestId = await live(hour);
    expect(await refusal(ask(requestId, { reason: ' ' }))).toMatch(/^refused-by-policy/);
  });

  it.each([0, -60, 0.5, Number.NaN])('by %d s is told what a duration is', async (bySec) => {
    expect(await refusal(ask(await live(hour), { bySec }))).toMatch(/^invalid-input/);
  });

  it('is stopped where it is a loop', async () => {
    const requestId = await live(hour);
    for (let count = 0; count < mostExtensions; count++) {
      const extensionId = ports().ids.ulid();
      await ask(requestId, { extensionId, bySec: 1 });
      await vote(requestId, extensionId, 'bob', 'deny');
    }
    expect(await refusal(ask(requestId, { bySec: 1 }))).toMatch(/^too-many/);
  });

  it('gets nothing under a lockdown, whether they ask or somebody approves', async () => {
    const { requestId, extensionId } = await waiting();
    const lockdownId = ports().ids.ulid();
    const scope = { kind: 'person', personId: 'alice' } as const;
    await beginLockdown({ lockdownId, scope, reason: 'laptop stolen', personId: 'bob' }, ports());
    expect(await refusal(vote(requestId, extensionId))).toMatch(/^locked-down/);
    expect(await windowOf(requestId)).toBe(hour);
    await vote(requestId, extensionId, 'bob', 'deny');
    expect(await refusal(ask(requestId))).toMatch(/^locked-down/);
    // The table is the whole file's.
    await liftLockdown({ lockdownId, personId: 'carol', reason: 'laptop found' }, ports());
  });
});

describe('case 66: an extension', () => {
  it.each([-1, 0, 1])('asked for %i ms from the end of the grant is taken before it and not from it on', async (ms) => {
    const requestId = await live(60);
    await clock.turn(60_000 + ms);
    expect((await ask(requestId)).ok).toBe(ms < 0);
  });

  it.each([-1, 0, 1])('approved %i ms from the end of the grant counts before it and not from it on', async (ms) => {
    const { requestId, extensionId } = await waiting();
    await clock.turn(hour * 1000 + ms);
    expect((await vote(requestId, extensionId)).ok).toBe(ms < 0);
    expect(await windowOf(requestId)).toBe(ms < 0 ? 2 * hour : hour);
    expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(ms < 0);
  });

  it('up to the entitlement’s longest is allowed, and a second more is not; what is left is said', async () => {
    const requestId = await live(hour);
    expect(await refusal(ask(requestId, { bySec: 3 * hour + 1 }))).toBe(
      'refused-by-policy: A grant of orders-admin is at most 4 hours in all, and yours is 1 hour already: it can be extended by at most 3 hours.',
    );
    const extensionId = ports().ids.ulid();
    await ask(requestId, { bySec: 3 * hour, extensionId });
    await vote(requestId, extensionId);
    expect(await windowOf(requestId)).toBe(4 * hour);
    expect(await refusal(ask(requestId, { bySec: 1 }))).toMatch(/it cannot be extended any more\.$/);
  });

  it.each(['ending', 'ended'])('of a grant that is %s is refused, asked for or approved', async (status) => {
    const { requestId, extensionId } = await waiting();
    await endGrant({ requestId, personId: 'alice', reason: 'done' }, ports());
    if (status === 'ended') await revokeSessions({ requestId }, revoking());
    expect((await stored(requestId)).status).toBe(status);
    expect(await refusal(ask(requestId))).toMatch(/^not-live/);
    expect(await refusal(vote(requestId, extensionId))).toMatch(/^lapsed/);
    expect(await windowOf(requestId)).toBe(hour);
  });

  it('never makes a window longer than the entitlement’s longest nor shorter than it was, whatever is asked for and when', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ bySec: fc.integer({ min: -10, max: 5 * hour }), afterMs: fc.nat(hour * 1000) }), {
          maxLength: 5,
        }),
        async (asks) => {
          const requestId = await live(hour);
          let before = hour;
          for (const { bySec, afterMs } of asks) {
            await clock.turn(afterMs);
            const extensionId = ports().ids.ulid();
            const taken = await ask(requestId, { bySec, extensionId });
            const granted = taken.ok && (await vote(requestId, extensionId)).ok;
            expect(await windowOf(requestId)).toBe(granted ? before + bySec : before);
            before = await windowOf(requestId);
            expect(before).toBeLessThanOrEqual(4 * hour);
          }
        },
      ),
      { numRuns: 25 },
    ));
});

describe('case 52: an extension and the end of the grant', () => {
  it('of which the end was quicker is refused; of which the extension was quicker is ended all the same', async () => {
    const first = await waiting();
    await endGrant({ requestId: first.requestId, personId: 'alice', reason: 'done' }, ports());
    expect((await vote(first.requestId, first.extensionId)).ok).toBe(false);
    const second = await waiting();
    await vote(second.requestId, second.extensionId);
    await endGrant({ requestId: second.requestId, personId: 'bob', reason: 'revoked' }, ports());
    for (const { requestId } of [first, second]) {
      expect((await stored(requestId)).status).toBe('ending');
      expect((await mintCredentials({ requestId, personId: 'alice' }, ports())).ok).toBe(false);
    }
  });

  it('at the same time leave one outcome, and a grant that ends', async () => {
    const { requestId, extensionId } = await waiting();
    await Promise.all([
      vote(requestId, extensionId),
      endGrant({ requestId, personId: 'bob', reason: 'revoked' }, ports()),
    ]);
    expect((await stored(requestId)).status).toBe('ending');
    await auditHolds(requestId);
  });
});

describe('the workflow of a grant that was extended', () => {
  const gate = 'AwaitEnd' as const;
  const held = async () => {
    const { requestId, extensionId } = await waiting();
    const until = ((await stored(requestId)) as GrantedRequest).grant.endsAt;
    await holdGate({ name: requestId, gate, taskToken: 'first', until }, ports());
    return { requestId, extensionId };
  };

  it('waits anew as soon as the end has moved, and once', async () => {
    const { requestId, extensionId } = await held();
    await openGate({ name: requestId, gate }, ports());
    expect(now.world.workflow).toEqual([]);
    await vote(requestId, extensionId);
    await openGate({ name: requestId, gate }, ports());
    expect(now.world.workflow).toEqual(['fail first GrantExtended']);
    const { grant } = (await activateGrant({ requestId }, ports())) as GrantedRequest;
    const until = grant.endsAt;
    await holdGate({ name: requestId, gate, taskToken: 'second', until }, ports());
    await openGate({ name: requestId, gate }, ports());
    expect(now.world.workflow).toEqual(['fail first GrantExtended']);
  });

  it('goes on to the revocation where the grant was ended meanwhile', async () => {
    const { requestId, extensionId } = await held();
    await vote(requestId, extensionId);
    await endGrant({ requestId, personId: 'alice', reason: 'done' }, ports());
    await openGate({ name: requestId, gate }, ports());
    expect(now.world.workflow).toEqual(['succeed first']);
  });

  it.each([
    ['before it has begun to wait anew', false],
    ['in the moment in which it begins to wait anew', true],
  ])('goes on to the revocation at once where the grant is ended %s', async (_, inBetween) => {
    const { requestId, extensionId } = await held();
    await vote(requestId, extensionId);
    const answered: string[] = [];
    const once = async (taskToken: string): Promise<'resumed' | 'gone'> => {
      if (answered.includes(taskToken)) return 'gone';
      answered.push(taskToken);
      return 'resumed';
    };
    const world = () => withPorts(ports(), { workflows: { ...ports().workflows, succeed: once, fail: once } });
    const waitAnew = async (): Promise<void> => {
      const until = ((await stored(requestId)) as GrantedRequest).grant.endsAt;
      await holdGate({ name: requestId, gate, taskToken: 'second', until }, world());
    };
    await openGate({ name: requestId, gate }, world());
    expect(answered).toEqual(['first']);
    await endGrant({ requestId, personId: 'bob', reason: 'revoked' }, ports());
    const { taskTokens } = ports();
    const find: typeof taskTokens.find = async (...asked) => {
      const wait = await taskTokens.find(...asked);
      if (inBetween) await waitAnew();
      return wait;
    };
    await openGate({ name: requestId, gate }, { ...world(), taskTokens: { ...taskTokens, find } });
    if (!inBetween) await waitAnew();
    expect(answered).toEqual(['first', 'second']);
  });

  it('whose wait was over just before it heard of it does not end the grant', async () => {
    const { requestId, extensionId } = await waiting();
    await clock.turn(hour * 1000 - 1);
    await vote(requestId, extensionId);
    await clock.turn(1);
    await expect(revokeSessions({ requestId, end: 'when-due' }, revoking())).rejects.toMatchObject({
      name: 'GrantExtended',
    });
    expect((await stored(requestId)).status).toBe('active');
    await clock.turn(hour * 1000);
    expect((await revokeSessions({ requestId, end: 'when-due' }, revoking())).status).toBe('ended');
  });

  it('that failed ends the grant, extended or not', async () => {
    const { requestId, extensionId } = await waiting();
    await vote(requestId, extensionId);
    expect(await revokeSessions({ requestId }, revoking())).toMatchObject({
      status: 'ended',
      end: { reason: 'workflow-failed' },
    });
  });

  it('case 45: and was started by an earlier version is not told, and ends it at its first end', async () => {
    const { requestId, extensionId } = await waiting();
    await holdGate({ name: requestId, gate, taskToken: 'first' }, ports());
    await vote(requestId, extensionId);
    await openGate({ name: requestId, gate }, ports());
    expect(now.world.workflow).toEqual([]);
  });
});
