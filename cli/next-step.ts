import type { NextStep } from '#core/next-step.ts';

/** What to do next, in the commands of the CLI. */
export const inCommands = (step: NextStep): string => {
  switch (step.do) {
    case 'log-in':
      return 'Run `daypass login`.';
    case 'log-in-again':
      return 'Run `daypass login` again and type the code that it shows.';
    case 'list':
      return 'Run `daypass list` to see yours.';
    case 'see-entitlements':
      return 'Run `daypass entitlements` to see what you can ask for.';
    case 'ask':
      return `Ask again with \`daypass request ${step.entitlementId}\`.`;
    case 'ask-when-ended':
      return `Ask again with \`daypass request ${step.entitlementId}\` when it has ended.`;
    case 'await-approval':
      return 'Wait for an approver; `daypass list` shows how it stands.';
    case 'cancel':
      return `Run \`daypass cancel ${step.requestId}\` to take it back.`;
    case 'end':
      return `Run \`daypass done ${step.requestId}\` to end the grant.`;
    case 'revoke':
      return 'Press Revoke on its card in Slack to end it.';
    case 'reuse-credentials':
      return 'Use credentials until they expire, as `daypass credential-process` lets the AWS SDKs do.';
    case 'list-lockdowns':
      return 'Run `daypass lockdown` to see what is locked down.';
    case 'make-room':
      return 'Lock a whole account down, or lift those that are over: `daypass lockdown` lists them.';
    case 'lift':
      return `It holds; nothing more is needed. To lift it: \`daypass lockdown lift ${step.kind} ${step.name}\`.`;
    case 'have-lifted':
      return `${step.who} has to lift it: \`daypass lockdown lift ${step.kind} ${step.name}\`.`;
  }
};
