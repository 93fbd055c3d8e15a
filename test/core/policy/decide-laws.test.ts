import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askable, decide, mayApprove, stillAllowed } from '#core/policy/decide.ts';
import { personBySlack } from '#core/policy/people.ts';
import type { Policy } from '#core/policy/policy.ts';
import { stored } from '#test/kit/policy.ts';
import { arbitraryAsk, arbitraryPolicy, arbitraryVotes } from './arbitrary-policy.ts';

const runs = { numRuns: 2_000 };

/** The policy without somebody in one of its groups. */
const without = (policy: Policy, personId: string, group: string): Policy => ({
  ...policy,
  groups: { ...policy.groups, [group]: (policy.groups[group] ?? []).filter((member) => member !== personId) },
});

describe('whatever the policy', () => {
  it('nobody approves their own request, by any of their Slack accounts', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryAsk, (policy, ask) => {
        const decision = decide(policy, ask, []);
        const approvers = decision.verdict === 'needs-approval' ? decision.approvers : [];
        expect(approvers).not.toContain(ask.personId);
        for (const userId of [`U0${ask.personId.toUpperCase()}`, `U1${ask.personId.toUpperCase()}`]) {
          const clicker = personBySlack(policy, 'T0DAYPASS', userId);
          expect(clicker !== undefined && mayApprove(policy, ask, clicker.id)).toBe(false);
        }
      }),
      runs,
    );
  });

  it('one’s own vote changes nothing', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryAsk, arbitraryVotes, (policy, ask, votes) => {
        const others = votes.filter((vote) => vote.personId !== ask.personId);
        const own = { personId: ask.personId, verdict: 'approve' as const };
        expect(stillAllowed(policy, stored(policy, { ...ask, votes: [own, ...others, own] }), [])).toEqual(
          stillAllowed(policy, stored(policy, { ...ask, votes: others }), []),
        );
      }),
      runs,
    );
  });

  it('what is allowed has enough approvals of different people who may approve, and no denial', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryAsk, arbitraryVotes, (policy, ask, votes) => {
        if (!stillAllowed(policy, stored(policy, { ...ask, votes }), []).ok) return;
        const decision = decide(policy, ask, []);
        const needed = decision.verdict === 'needs-approval' ? decision.count : 0;
        const counted = new Set(votes.map((vote) => vote.personId).filter((voter) => mayApprove(policy, ask, voter)));
        expect(decision.verdict).not.toBe('refused');
        expect(counted.size).toBeGreaterThanOrEqual(needed);
        expect(votes.filter((vote) => vote.verdict === 'deny')).toEqual([]);
      }),
      runs,
    );
  });

  it('taking somebody out of a group, or out of the people, never turns a refusal into anything else', () => {
    const person = fc.constantFrom('alice', 'bob', 'carol', 'dave');
    const group = fc.constantFrom('developers', 'leads', 'owners');
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryAsk, arbitraryVotes, person, group, (policy, ask, votes, who, where) => {
        const gone = { ...policy, people: policy.people.filter(({ id }) => id !== who) };
        for (const less of [without(policy, who, where), gone]) {
          if (decide(policy, ask, []).verdict === 'refused') expect(decide(less, ask, []).verdict).toBe('refused');
          if (!stillAllowed(policy, stored(policy, { ...ask, votes }), []).ok)
            expect(stillAllowed(less, stored(policy, { ...ask, votes }), []).ok).toBe(false);
        }
      }),
      runs,
    );
  });

  it('a narrower duration never turns a refusal into anything else', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryAsk, fc.nat(100), fc.nat(7_000), (policy, ask, later, sooner) => {
        const entitlements = policy.entitlements.map((one) => ({
          ...one,
          minDurationSec: one.minDurationSec + later,
          maxDurationSec: one.maxDurationSec - sooner,
        }));
        fc.pre(decide(policy, ask, []).verdict === 'refused');
        expect(decide({ ...policy, entitlements }, ask, []).verdict).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });

  it('the verdict is a refusal exactly if a line of the trace is not satisfied, and then it says why', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryAsk, (policy, ask) => {
        const decision = decide(policy, ask, []);
        const allSatisfied = decision.trace.every(({ result }) => result === 'satisfied');
        expect(decision.verdict !== 'refused').toBe(allSatisfied);
        if (decision.verdict === 'refused') expect(decision.reasons).not.toEqual([]);
      }),
      runs,
    );
  });

  it('what a person may not ask for reads as if it were not there', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryAsk, (policy, ask) => {
        fc.pre(askable(policy, ask.personId).every(({ id }) => id !== ask.entitlementId));
        const absent = { ...policy, entitlements: policy.entitlements.filter(({ id }) => id !== ask.entitlementId) };
        const [here, there] = [decide(policy, ask, []), decide(absent, ask, [])];
        expect([here.verdict, there.verdict]).toEqual(['refused', 'refused']);
        expect('reasons' in here && here.reasons).toEqual('reasons' in there && there.reasons);
      }),
      { numRuns: 500 },
    );
  });
});
