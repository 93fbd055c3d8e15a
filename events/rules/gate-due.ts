import { type Rule, untilDelivered } from './rule.ts';

const names = [
  'request.approved',
  'request.denied',
  'request.cancelled',
  'request.refused',
  'grant.ending',
  'grant.extended',
  'alert.answered',
];

/** What an execution waits for has happened. */
export const gateDue: Rule = {
  name: 'daypass-gate-due',
  description: 'What an execution waits for has happened.',
  state: 'ENABLED',
  bus: 'daypass',
  pattern: { source: ['daypass'], 'detail-type': names },
  target: 'open-gate',
  retry: untilDelivered,
  samples: {
    matches: names.map((name) => ({ source: 'daypass', 'detail-type': name, detail: {} })),
    doesNot: [
      { source: 'daypass', 'detail-type': 'request.submitted', detail: {} },
      { source: 'somebody.else', 'detail-type': names[0], detail: {} },
    ],
  },
};
