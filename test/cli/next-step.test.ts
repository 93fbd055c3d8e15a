import { describe, expect, it } from 'vitest';
import type { NextStep } from '#core/next-step.ts';
import { type EveryStepIn, everyStep } from '#test/core/next-steps.ts';
import { failureOf } from '../../cli/api.ts';
import { inCommands } from '../../cli/next-step.ts';
import { addOperatorCommands } from '../../cli/operator-commands.ts';
import { buildProgram } from '../../cli/program.ts';

const words: EveryStepIn<string> = {
  'log-in': 'Run `daypass login`.',
  'log-in-again': 'Run `daypass login` again and type the code that it shows.',
  list: 'Run `daypass list` to see yours.',
  'see-entitlements': 'Run `daypass entitlements` to see what you can ask for.',
  ask: 'Ask again with `daypass request orders-admin`.',
  'ask-when-ended': 'Ask again with `daypass request orders-admin` when it has ended.',
  'await-approval': 'Wait for an approver; `daypass list` shows how it stands.',
  cancel: 'Run `daypass cancel 01JDAAAAAAAAAAAAAAAAAAAAAA` to take it back.',
  'cancel-one':
    'Run `daypass cancel 01JDAAAAAAAAAAAAAAAAAAAAAA` to take the one back that waits longest, or wait until one is answered.',
  end: 'Run `daypass done 01JDAAAAAAAAAAAAAAAAAAAAAA` to end the grant.',
  revoke: 'Press Revoke on its card in Slack to end it.',
  'reuse-credentials': 'Use credentials until they expire, as `daypass credential-process` lets the AWS SDKs do.',
  'list-lockdowns': 'Run `daypass lockdown` to see what is locked down.',
  'make-room': 'Lock a whole account down, or lift those that are over: `daypass lockdown` lists them.',
  lift: 'It holds; nothing more is needed. To lift it: `daypass lockdown lift role production/daypass-jit-orders-admin`.',
  'have-lifted': 'Somebody of leads other than you has to lift it: `daypass lockdown lift person bob`.',
};
const steps = Object.entries(words) as [NextStep['do'], string][];

describe('the next step on the command line', () => {
  it.each(steps)('%s reads: %s', (name, text) => {
    expect(inCommands(everyStep[name])).toBe(text);
  });

  it('names commands that there are, and none of Slack', () => {
    const program = buildProgram(
      () => {
        throw new Error('not run');
      },
      () => undefined,
      addOperatorCommands,
    );
    const known = program.commands.map((command) => command.name());
    const named = steps.flatMap(([, text]) => [...text.matchAll(/`daypass ([a-z-]+)/g)].map(([, verb]) => verb));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((verb) => verb !== undefined && !known.includes(verb))).toEqual([]);
    expect(steps.filter(([, text]) => text.includes('/access'))).toEqual([]);
  });
});

describe('what the API says of a failure', () => {
  const error = { code: 'not-found', message: 'There is no such thing.', next: 'GET /v1/requests lists yours.' };
  const hintOf = (more: object) => failureOf({ status: 404, body: { error: { ...error, ...more } } }).hint;

  it('is worded in our own commands where it sends the step', () => {
    expect(hintOf({ nextStep: { do: 'list' } })).toBe('Run `daypass list` to see yours.');
  });

  it.each([
    ['an earlier version, which sends no step', {}],
    ['a later version, with a step that is not known here', { nextStep: { do: 'dance' } }],
    ['a step that lacks what it needs', { nextStep: { do: 'ask' } }],
  ])('is told in its own words by %s', (_, more) => {
    expect(hintOf(more)).toBe('GET /v1/requests lists yours.');
  });
});
