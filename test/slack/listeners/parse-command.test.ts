import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCommand } from '#slack/listeners/parse-command.ts';

it.each([
  ['', { kind: 'form' }],
  ['   ', { kind: 'form' }],
  ['help', { kind: 'help' }],
  ['List', { kind: 'list' }],
  ['done', { kind: 'done' }],
  ['done 01jdabc', { kind: 'done', id: '01JDABC' }],
  ['cancel', { kind: 'cancel' }],
  ['extend', { kind: 'extend', reason: '' }],
  ['extend 30m INC-42  takes longer', { kind: 'extend', bySec: 1800, reason: 'INC-42 takes longer' }],
  ['Extend 30m', { kind: 'extend', bySec: 1800, reason: '' }],
  ['extend 01jdaaaaaaaaaaaaaaaaaaaaaa', { kind: 'extend', id: '01JDAAAAAAAAAAAAAAAAAAAAAA', reason: '' }],
  [
    'extend 01jdaaaaaaaaaaaaaaaaaaaaaa 1h30m not done yet',
    { kind: 'extend', id: '01JDAAAAAAAAAAAAAAAAAAAAAA', bySec: 5400, reason: 'not done yet' },
  ],
  ['extend 30 INC-42', { kind: 'bad-duration', typed: '30', of: 'extend' }],
  ['extend orders-admin 30m', { kind: 'bad-duration', typed: 'orders-admin', of: 'extend' }],
  ['login BCDF-GHJK', { kind: 'login', code: 'BCDF-GHJK' }],
  ['login bcdf ghjk --yes', { kind: 'login', code: 'bcdf ghjk' }],
  ['login BCDF-GHJK \u2014yes', { kind: 'login', code: 'BCDF-GHJK' }],
  [
    'orders-admin 20s fixing INC-42',
    { kind: 'ask', entitlementId: 'orders-admin', durationSec: 20, reason: 'fixing INC-42' },
  ],
  [
    'Orders-Admin 1h30m  two   words',
    { kind: 'ask', entitlementId: 'orders-admin', durationSec: 5400, reason: 'two words' },
  ],
  ['orders-admin fixing INC-42', { kind: 'ask', entitlementId: 'orders-admin', reason: 'fixing INC-42' }],
  ['orders-admin', { kind: 'ask', entitlementId: 'orders-admin', reason: '' }],
  ['orders-admin INC-42 is back', { kind: 'ask', entitlementId: 'orders-admin', reason: 'INC-42 is back' }],
  [
    'lockdown person <@U0ALICE|alice> laptop stolen',
    { kind: 'lockdown', verb: 'begin', scope: 'person', name: 'U0ALICE', reason: 'laptop stolen' },
  ],
  ['lockdown lift person <@U0ALICE>', { kind: 'lockdown', verb: 'lift', scope: 'person', name: 'U0ALICE', reason: '' }],
])('/access %j is read as %j', (text, expected) => {
  expect(parseCommand(text)).toEqual(expected);
});

it.each(['30', '0s', '-1h', '1.5h', '1e9', '30min', '5S', '366d'])(
  '%j in the place of the duration is pointed out, not taken for a reason',
  (typed) => {
    expect(parseCommand(`orders-admin ${typed} fixing INC-42`)).toEqual({ kind: 'bad-duration', typed, of: 'ask' });
  },
);

it('anything can be typed without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parseCommand(text).kind).toBeTypeOf('string');
    }),
  );
});
