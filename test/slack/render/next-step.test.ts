import { describe, expect, it } from 'vitest';
import type { NextStep } from '#core/next-step.ts';
import { parseCommand } from '#slack/listeners/parse-command.ts';
import { refusalAnswer } from '#slack/render/answers.ts';
import { refusedModal } from '#slack/render/modals.ts';
import { inSlack, sentences } from '#slack/render/next-step.ts';
import { type EveryStepIn, everyStep } from '#test/core/next-steps.ts';

const words: EveryStepIn<string> = {
  'log-in': 'Run daypass login on your machine.',
  'log-in-again': 'Run daypass login again and type the code that it shows.',
  list: 'Use /access list to see yours.',
  'see-entitlements': 'Use /access to see what you can ask for.',
  ask: 'Ask again with /access orders-admin.',
  'ask-when-ended': 'Ask again with /access orders-admin when it has ended.',
  'await-approval': 'Wait for an approver; /access list shows how it stands.',
  cancel: 'Use /access cancel to take it back.',
  'cancel-one':
    'Take one back, with /access cancel 01JDAAAAAAAAAAAAAAAAAAAAAA the one that waits longest, or wait until one is answered.',
  end: 'Use /access done to end the grant.',
  revoke: 'Press Revoke on its card to end it.',
  'reuse-credentials': 'Use credentials until they expire, as daypass credential-process lets the AWS SDKs do.',
  'list-lockdowns': 'Use /access lockdown to see what is locked down.',
  'make-room': 'Lock a whole account down, or lift those that are over: /access lockdown lists them.',
  lift: 'It holds; nothing more is needed. To lift it: /access lockdown lift role production/daypass-jit-orders-admin',
  'have-lifted': 'Somebody of leads other than you has to lift it: /access lockdown lift person bob',
};

describe('the next step in Slack', () => {
  it.each(Object.entries(words) as [NextStep['do'], string][])('%s reads: %s', (name, text) => {
    expect(inSlack(everyStep[name])).toBe(text);
  });

  it('that reads the same everywhere is the sentence itself', () => {
    expect(inSlack('Ask Bob to answer it.')).toBe('Ask Bob to answer it.');
  });

  it.each([
    ['list', { kind: 'list' }],
    ['see-entitlements', { kind: 'form' }],
    ['ask', { kind: 'ask', entitlementId: 'orders-admin', reason: '' }],
    ['cancel', { kind: 'cancel' }],
    ['end', { kind: 'done' }],
    ['list-lockdowns', { kind: 'lockdown', verb: 'list', scope: '', name: '', reason: '' }],
    [
      'lift',
      { kind: 'lockdown', verb: 'lift', scope: 'role', name: 'production/daypass-jit-orders-admin', reason: '' },
    ],
    ['have-lifted', { kind: 'lockdown', verb: 'lift', scope: 'person', name: 'bob', reason: '' }],
  ] as const)('%s names a command that does that', (name, command) => {
    const [, typed = ''] = /\/access((?: (?!to )[\w/-]+)*?)(?: (?:to|when|lists) .*)?\.?$/.exec(words[name]) ?? [];
    expect(parseCommand(typed)).toEqual(command);
  });

  it('stands in an answer, in a modal and in a row of sentences', () => {
    const refusal = { message: 'There is no request that you can see.', next: everyStep.list };
    const both = 'There is no request that you can see. Use /access list to see yours.';
    expect(refusalAnswer(refusal).text).toBe(`🚫 ${both}`);
    expect(JSON.stringify(refusalAnswer(refusal).blocks)).toContain('"Use /access list to see yours."');
    expect(JSON.stringify(refusedModal(refusal))).toContain('"Use /access list to see yours."');
    expect(sentences(refusal)).toBe(both);
  });
});
