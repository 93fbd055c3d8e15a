import { commandName } from '#core/command-name.ts';
import type { NextStep } from '#core/next-step.ts';

/** What to do next, in the commands of the CLI. */
export const inCommands = (step: NextStep): string => {
  switch (step.do) {
    case 'log-in':
      return `Run \`${commandName} login\`.`;
    case 'log-in-again':
      return `Run \`${commandName} login\` again and type the code that it shows.`;
    case 'list':
      return `Run \`${commandName} list\` to see yours.`;
    case 'see-entitlements':
      return `Run \`${commandName} entitlements\` to see what you can ask for.`;
    case 'ask':
      return `Ask again with \`${commandName} request ${step.entitlementId}\`.`;
    case 'ask-when-ended':
      return `Ask again with \`${commandName} request ${step.entitlementId}\` when it has ended.`;
    case 'await-approval':
      return `Wait for an approver; \`${commandName} list\` shows how it stands.`;
    case 'cancel':
      return `Run \`${commandName} cancel ${step.requestId}\` to take it back.`;
    case 'cancel-one':
      return `Run \`${commandName} cancel ${step.requestId}\` to take the one back that waits longest, or wait until one is answered.`;
    case 'end':
      return `Run \`${commandName} done ${step.requestId}\` to end the grant.`;
    case 'revoke':
      return 'Press Revoke on its card in Slack to end it.';
    case 'reuse-credentials':
      return `Use credentials until they expire, as \`${commandName} credential-process\` lets the AWS SDKs do.`;
    case 'list-lockdowns':
      return `Run \`${commandName} lockdown\` to see what is locked down.`;
    case 'make-room':
      return `Lock a whole account down, or lift those that are over: \`${commandName} lockdown\` lists them.`;
    case 'lift':
      return `It holds; nothing more is needed. To lift it: \`${commandName} lockdown lift ${step.kind} ${step.name}\`.`;
    case 'have-lifted':
      return `${step.who} has to lift it: \`${commandName} lockdown lift ${step.kind} ${step.name}\`.`;
  }
};
