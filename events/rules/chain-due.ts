import { type Rule, untilDelivered } from './rule.ts';

const name = 'session.chained';

/** The event of a session that went on may come when its grant has ended already: then it is denied at once. */
export const chainDue: Rule = {
  name: 'daypass-chain-due',
  description: 'A session went on to another role, and its grant may have ended already.',
  state: 'ENABLED',
  bus: 'daypass',
  pattern: { source: ['daypass'], 'detail-type': [name] },
  target: 'sweep',
  retry: untilDelivered,
  samples: {
    matches: [{ source: 'daypass', 'detail-type': name, detail: {} }],
    doesNot: [
      { source: 'daypass', 'detail-type': 'session.minted', detail: {} },
      { source: 'somebody.else', 'detail-type': name, detail: {} },
    ],
  },
};
