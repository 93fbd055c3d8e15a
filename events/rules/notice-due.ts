import { domainSample } from './domain-sample.ts';
import { type Rule, untilDelivered } from './rule.ts';

/** Everything that happens is shown to people, by one function. */
export const noticeDue: Rule = {
  name: 'daypass-notice-due',
  description: 'Everything that happens is shown in Slack, by one function.',
  state: 'ENABLED',
  bus: 'daypass',
  pattern: { source: ['daypass'] },
  target: 'notify',
  retry: untilDelivered,
  samples: {
    matches: [
      domainSample('request.submitted'),
      domainSample('grant.revocation-failed'),
      domainSample('action.refused'),
      domainSample('login.confirmed'),
      domainSample('alert.raised'),
      domainSample('lockdown.begun'),
    ],
    doesNot: [{ source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change', detail: {} }],
  },
};
