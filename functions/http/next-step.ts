import type { Next, NextStep } from '#core/next-step.ts';

/** What to do next, in the calls of the API. */
export const inCalls = (next: Next): string => (typeof next === 'string' ? next : stepInCalls(next));

const stepInCalls = (step: NextStep): string => {
  switch (step.do) {
    case 'log-in':
      return 'Get a token with POST /v1/device/authorize, then POST /v1/device/token.';
    case 'log-in-again':
      return 'Start again with POST /v1/device/authorize and confirm the code that it gives.';
    case 'list':
      return 'GET /v1/requests lists yours.';
    case 'see-entitlements':
      return 'GET /v1/entitlements lists what you can ask for.';
    case 'ask':
      return `Ask for ${step.entitlementId} again with POST /v1/requests.`;
    case 'ask-when-ended':
      return `Ask for ${step.entitlementId} again with POST /v1/requests when it has ended.`;
    case 'await-approval':
      return `Wait for an approver; GET /v1/requests/${step.requestId} shows how it stands.`;
    case 'cancel':
      return `POST /v1/requests/${step.requestId}/cancel takes it back.`;
    case 'cancel-one':
      return `POST /v1/requests/${step.requestId}/cancel takes the one back that waits longest; or wait until one is answered.`;
    case 'end':
      return `POST /v1/requests/${step.requestId}/end ends the grant.`;
    case 'revoke':
      return 'Press Revoke on its card in Slack to end it.';
    case 'reuse-credentials':
      return 'Use credentials until they expire.';
    case 'list-lockdowns':
      return 'GET /v1/lockdowns lists what is locked down.';
    case 'make-room':
      return 'Lock a whole account down, or lift those that are over: GET /v1/lockdowns lists them.';
    case 'lift':
      return `It holds; nothing more is needed. To lift it: POST /v1/lockdowns/lift with ${lifted(step)}.`;
    case 'have-lifted':
      return `${step.who} has to lift it: POST /v1/lockdowns/lift with ${lifted(step)}.`;
  }
};

const lifted = ({ kind, name }: { kind: string; name: string }): string => `kind ${kind}, name ${name} and a reason`;
