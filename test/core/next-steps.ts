import type { NextStep } from '#core/next-step.ts';

const requestId = '01JDAAAAAAAAAAAAAAAAAAAAAA';

/** One of each kind: a new kind does not compile until it stands here, and then until every medium words it. */
export const everyStep: { readonly [Name in NextStep['do']]: Extract<NextStep, { do: Name }> } = {
  'log-in': { do: 'log-in' },
  'log-in-again': { do: 'log-in-again' },
  list: { do: 'list' },
  'see-entitlements': { do: 'see-entitlements' },
  ask: { do: 'ask', entitlementId: 'orders-admin' },
  'ask-when-ended': { do: 'ask-when-ended', entitlementId: 'orders-admin' },
  'await-approval': { do: 'await-approval', requestId },
  cancel: { do: 'cancel', requestId },
  'cancel-one': { do: 'cancel-one', requestId },
  end: { do: 'end', requestId },
  revoke: { do: 'revoke', requestId },
  'reuse-credentials': { do: 'reuse-credentials' },
  'list-lockdowns': { do: 'list-lockdowns' },
  'make-room': { do: 'make-room' },
  lift: { do: 'lift', kind: 'role', name: 'production/daypass-jit-orders-admin' },
  'have-lifted': { do: 'have-lifted', who: 'Somebody of leads other than you', kind: 'person', name: 'bob' },
};

export type EveryStepIn<Words> = { readonly [Name in NextStep['do']]: Words };
