import { describe, expect, it } from 'vitest';
import type { NextStep } from '#core/next-step.ts';
import { matchRoute } from '#functions/api/route.ts';
import { routes } from '#functions/api/routes.ts';
import { refused } from '#functions/http/answer.ts';
import { inCalls } from '#functions/http/next-step.ts';
import { type EveryStepIn, everyStep } from '#test/core/next-steps.ts';

const words: EveryStepIn<string> = {
  'log-in': 'Get a token with POST /v1/device/authorize, then POST /v1/device/token.',
  'log-in-again': 'Start again with POST /v1/device/authorize and confirm the code that it gives.',
  list: 'GET /v1/requests lists yours.',
  'see-entitlements': 'GET /v1/entitlements lists what you can ask for.',
  ask: 'Ask for orders-admin again with POST /v1/requests.',
  'ask-when-ended': 'Ask for orders-admin again with POST /v1/requests when it has ended.',
  'await-approval': 'Wait for an approver; GET /v1/requests/01JDAAAAAAAAAAAAAAAAAAAAAA shows how it stands.',
  cancel: 'POST /v1/requests/01JDAAAAAAAAAAAAAAAAAAAAAA/cancel takes it back.',
  'cancel-one':
    'POST /v1/requests/01JDAAAAAAAAAAAAAAAAAAAAAA/cancel takes the one back that waits longest; or wait until one is answered.',
  end: 'POST /v1/requests/01JDAAAAAAAAAAAAAAAAAAAAAA/end ends the grant.',
  revoke: 'Press Revoke on its card in Slack to end it.',
  'reuse-credentials': 'Use credentials until they expire.',
  'list-lockdowns': 'GET /v1/lockdowns lists what is locked down.',
  'make-room': 'Lock a whole account down, or lift those that are over: GET /v1/lockdowns lists them.',
  lift: 'It holds; nothing more is needed. To lift it: POST /v1/lockdowns/lift with kind role, name production/daypass-jit-orders-admin and a reason.',
  'have-lifted':
    'Somebody of leads other than you has to lift it: POST /v1/lockdowns/lift with kind person, name bob and a reason.',
};
const steps = Object.entries(words) as [NextStep['do'], string][];

describe('the next step over the API', () => {
  it.each(steps)('%s reads: %s', (name, text) => {
    expect(inCalls(everyStep[name])).toBe(text);
  });

  it('names routes that there are, and no command', () => {
    const calls = steps.flatMap(([, text]) => [...text.matchAll(/(GET|POST) (\/v1[\w/]*)/g)]);
    expect(calls.length).toBeGreaterThan(10);
    for (const [call, method = '', path = ''] of calls) {
      expect([call, matchRoute(routes, method, path).kind]).toEqual([call, 'found']);
    }
    expect(steps.filter(([, text]) => /daypass [a-z]|\/access/.test(text))).toEqual([]);
  });

  it('stands in the body in words, and as data for who words it otherwise', () => {
    const refusal = { code: 'not-found', message: 'There is no such thing.', next: everyStep.ask } as const;
    expect(refused(refusal)).toEqual({
      status: 404,
      headers: {},
      body: {
        error: {
          code: 'not-found',
          message: 'There is no such thing.',
          next: 'Ask for orders-admin again with POST /v1/requests.',
          nextStep: { do: 'ask', entitlementId: 'orders-admin' },
        },
      },
    });
  });

  it('that is a sentence is that alone', () => {
    const { body } = refused({ code: 'too-many', message: 'Too many.', next: 'Wait.' });
    expect(body).toEqual({ error: { code: 'too-many', message: 'Too many.', next: 'Wait.' } });
  });
});
