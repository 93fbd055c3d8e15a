import { approveExtension, askExtension, askOf, waitingExtension } from '#core/grant/extension.ts';
import { toIso } from '#core/instant.ts';
import { mayApprove } from '#core/policy/decide.ts';
import { done } from '#core/refusal.ts';
import { useCases } from '../does.ts';
import type { Bug } from './bug.ts';

export const extendsOver: Bug = {
  name: 'extends a grant that is over',
  breaks: 'the window opens again after its end, and what was dead works',
  does: {
    answerExtension: async (ballot, ports) => {
      const request = await ports.requests.get(ballot.requestId);
      const waiting = request?.status === 'active' ? waitingExtension(request) : undefined;
      const policy = await ports.policy.current();
      if (request?.status !== 'active' || !waiting || !mayApprove(policy, request, ballot.personId)) {
        return useCases.answerExtension(ballot, ports);
      }
      const vote = { personId: ballot.personId, verdict: 'approve', at: toIso(ports.clock.nowMs()) } as const;
      const change = approveExtension(request, waiting, vote, request.entitlementId !== 'payments-admin');
      await ports.requests.save(change);
      await ports.outbox.publish(change.events);
      return done(change.request);
    },
  },
};

export const extendsUnasked: Bug = {
  name: 'extends without a vote',
  breaks: 'somebody has their grant for longer than anybody said yes to',
  does: {
    askExtension: async (order, ports) => {
      const request = await ports.requests.get(order.requestId);
      if (request?.status !== 'active') return useCases.askExtension(order, ports);
      const decision = { verdict: 'allowed', policyDigest: '', trace: [] } as const;
      const at = toIso(ports.clock.nowMs());
      const change = askExtension(request, { id: order.extensionId, ask: askOf(request, order), decision, at });
      await ports.requests.save(change);
      await ports.outbox.publish(change.events);
      return done(change.request);
    },
  },
};

export const extendsFromNow: Bug = {
  name: 'counts an extension from now',
  breaks: 'each extension makes the window longer than the policy allows, without end',
  does: {
    answerExtension: async (ballot, ports) => {
      const before = await ports.requests.get(ballot.requestId);
      const longer: typeof ports.requests.save = async (change) => {
        const { request } = change;
        const moved =
          request.status === 'active' && before?.status === 'active' && request.grant.endsAt !== before.grant.endsAt;
        if (!moved) return ports.requests.save(change);
        const durationSec = request.extensions?.at(-1)?.durationSec ?? 0;
        const endsAt = toIso(ports.clock.nowMs() + durationSec * 1000);
        return ports.requests.save({ ...change, request: { ...request, grant: { ...request.grant, endsAt } } });
      };
      return useCases.answerExtension(ballot, { ...ports, requests: { ...ports.requests, save: longer } });
    },
  },
};
