import { chainOf } from '../routing.ts';
import { domainSample } from './domain-sample.ts';
import { type Rule, untilDelivered } from './rule.ts';

/** The event of a session that went on may come when its grant has ended already: then it is denied at once. */
export const chainDue: Rule = {
  name: 'daypass-chain-due',
  description: 'A session went on to another role, and its grant may have ended already.',
  state: 'ENABLED',
  bus: 'daypass',
  pattern: { source: ['daypass'], 'detail-type': Object.keys(chainOf) },
  target: 'follow-chain',
  retry: untilDelivered,
  samples: {
    matches: [domainSample('session.chained')],
    doesNot: [domainSample('session.minted'), { ...domainSample('session.chained'), source: 'somebody.else' }],
  },
};
