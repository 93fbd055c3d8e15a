import { activate, finishEnd } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import { done, notFound } from '#core/refusal.ts';
import { approve } from '#core/request/waiting.ts';
import { useCases } from '../does.ts';
import type { Bug } from './bug.ts';

export const writeAfterStart: Bug = {
  name: 'write after start',
  breaks: 'what the workflow did meanwhile is overwritten',
  does: {
    startAccessRequest: async ({ requestId }, ports) => {
      const request = await ports.requests.get(requestId);
      if (!request) return;
      await useCases.startAccessRequest({ requestId }, ports);
      const last = (await ports.requests.audit(requestId)).at(-1);
      if (!last) return;
      // Whatever version is stored by now.
      const version = last.seq + 1;
      await ports.requests.save({ request: { ...request, version }, audit: { ...last, seq: version }, events: [] });
    },
  },
};

export const lostRetry: Bug = {
  name: 'loses the retry',
  breaks: 'a revocation that failed visibly is never tried again',
  ports: (ports) => ({
    ...ports,
    requests: {
      ...ports.requests,
      withStatus: async (status) =>
        (await ports.requests.withStatus(status)).filter((request) => !('failure' in request)),
    },
  }),
};

export const endsFirst: Bug = {
  name: 'says ended before the deny holds',
  breaks: 'a process that dies in between leaves an ended grant with live sessions',
  does: {
    revokeSessions: async ({ requestId }, ports) => {
      const request = await ports.requests.get(requestId);
      if (request?.status === 'ending') {
        await ports.requests.save(finishEnd(request, 'denied', toIso(ports.clock.nowMs())));
      }
      return useCases.revokeSessions({ requestId }, ports);
    },
  },
};

export const secondWindow: Bug = {
  name: 'activates twice',
  breaks: 'a retried activation opens the window again, longer',
  does: {
    activateGrant: async ({ requestId }, ports) => {
      const request = await ports.requests.get(requestId);
      if (request?.status !== 'active') return useCases.activateGrant({ requestId }, ports);
      const again = activate({ ...request, status: 'approved', approvedAt: '' }, toIso(ports.clock.nowMs()));
      await ports.requests.save(again);
      return again.request;
    },
  },
};

export const ownVote: Bug = {
  name: 'counts one’s own vote',
  breaks: 'somebody approves their own request',
  does: {
    castVote: async ({ requestId, personId, verdict }, ports) => {
      const request = await ports.requests.get(requestId);
      if (request?.status !== 'pending') return notFound('request');
      const change = approve(request, { personId, verdict, at: toIso(ports.clock.nowMs()) }, true);
      await ports.requests.save(change);
      await ports.outbox.publish(change.events);
      return done(change.request);
    },
  },
};
