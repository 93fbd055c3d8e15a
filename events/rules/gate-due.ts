import { gateOf } from '../routing.ts';
import { domainSample } from './domain-sample.ts';
import { type Rule, untilDelivered } from './rule.ts';

/** What an execution waits for has happened. */
export const gateDue: Rule = {
  name: 'daypass-gate-due',
  description: 'What an execution waits for has happened.',
  state: 'ENABLED',
  bus: 'daypass',
  pattern: { source: ['daypass'], 'detail-type': Object.keys(gateOf) },
  target: 'open-gate',
  retry: untilDelivered,
  samples: {
    matches: [
      domainSample('request.approved'),
      domainSample('request.denied'),
      domainSample('request.cancelled'),
      domainSample('request.refused'),
      domainSample('grant.ending'),
      domainSample('grant.extended'),
      domainSample('alert.answered'),
    ],
    doesNot: [
      domainSample('request.submitted'),
      domainSample('vote.cast'),
      { ...domainSample('request.approved'), source: 'somebody.else' },
    ],
  },
};
