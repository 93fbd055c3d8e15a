import { type Rule, untilDelivered } from './rule.ts';

const names = ['request.submitted', 'alert.raised', 'lockdown.begun'];

/** A request, an alert or a lockdown was saved that needs its workflow. */
export const workflowDue: Rule = {
  name: 'daypass-workflow-due',
  description: 'A request, an alert or a lockdown was saved that needs its workflow.',
  state: 'ENABLED',
  bus: 'daypass',
  pattern: { source: ['daypass'], 'detail-type': names },
  target: 'start-workflow',
  retry: untilDelivered,
  samples: {
    matches: names.map((name) => ({ source: 'daypass', 'detail-type': name, detail: {} })),
    doesNot: [
      { source: 'daypass', 'detail-type': 'request.refused', detail: {} },
      { source: 'somebody.else', 'detail-type': names[0], detail: {} },
    ],
  },
};
