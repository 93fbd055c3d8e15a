import { commandName } from '#core/command-name.ts';
import type { Next, NextStep } from '#core/next-step.ts';
import type { Refusal } from '#core/refusal.ts';

/** What to do next, in the commands and buttons of Slack. Plain text. */
export const inSlack = (next: Next): string => (typeof next === 'string' ? next : stepInSlack(next));

/** A refusal as sentences in a row. Plain text. */
export const sentences = ({ message, next }: Pick<Refusal, 'message' | 'next'>): string =>
  `${message} ${inSlack(next)}`;

const stepInSlack = (step: NextStep): string => {
  switch (step.do) {
    case 'log-in':
      return `Run ${commandName} login on your machine.`;
    case 'log-in-again':
      return `Run ${commandName} login again and type the code that it shows.`;
    case 'list':
      return 'Use /access list to see yours.';
    case 'see-entitlements':
      return 'Use /access to see what you can ask for.';
    case 'ask':
      return `Ask again with /access ${step.entitlementId}.`;
    case 'ask-when-ended':
      return `Ask again with /access ${step.entitlementId} when it has ended.`;
    case 'await-approval':
      return 'Wait for an approver; /access list shows how it stands.';
    case 'cancel':
      return 'Use /access cancel to take it back.';
    case 'cancel-one':
      return `Take one back, with /access cancel ${step.requestId} the one that waits longest, or wait until one is answered.`;
    case 'end':
      return 'Use /access done to end the grant.';
    case 'revoke':
      return 'Press Revoke on its card to end it.';
    case 'reuse-credentials':
      return `Use credentials until they expire, as ${commandName} credential-process lets the AWS SDKs do.`;
    case 'list-lockdowns':
      return 'Use /access lockdown to see what is locked down.';
    case 'make-room':
      return 'Lock a whole account down, or lift those that are over: /access lockdown lists them.';
    case 'lift':
      return `It holds; nothing more is needed. To lift it: /access lockdown lift ${step.kind} ${step.name}`;
    case 'have-lifted':
      return `${step.who} has to lift it: /access lockdown lift ${step.kind} ${step.name}`;
  }
};
