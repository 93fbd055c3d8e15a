import { workflowOf } from '../routing.ts';
import { domainSample } from './domain-sample.ts';
import { type Rule, untilDelivered } from './rule.ts';

/** A request, an alert or a lockdown was saved that needs its workflow. */
export const workflowDue: Rule = {
  name: 'daypass-workflow-due',
  description: 'A request, an alert or a lockdown was saved that needs its workflow.',
  state: 'ENABLED',
  bus: 'daypass',
  pattern: { source: ['daypass'], 'detail-type': Object.keys(workflowOf) },
  target: 'start-workflow',
  retry: untilDelivered,
  samples: {
    matches: [domainSample('request.submitted'), domainSample('alert.raised'), domainSample('lockdown.begun')],
    doesNot: [domainSample('request.refused'), { ...domainSample('request.submitted'), source: 'somebody.else' }],
  },
};
