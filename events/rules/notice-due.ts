import { eventTypes } from '../registry.ts';
import { type Rule, untilDelivered } from './rule.ts';

const names = eventTypes.map((type) => type.name);

/** Everything that happens is shown in Slack, by one function. */
export const noticeDue: Rule = {
  name: 'daypass-notice-due',
  description: 'Everything that happens is shown in Slack, by one function.',
  state: 'ENABLED',
  bus: 'daypass',
  pattern: { source: ['daypass'] },
  target: 'notify',
  retry: untilDelivered,
  samples: {
    matches: names.map((name) => ({ source: 'daypass', 'detail-type': name, detail: {} })),
    doesNot: [{ source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change', detail: {} }],
  },
};
