import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCommand } from '#slack/listeners/parse-command.ts';

const asked = (durationSec: number, reason: string) => ({
  kind: 'ask',
  entitlementId: 'orders-read',
  durationSec,
  reason,
});
const lock = (name: string) => ({ kind: 'lockdown', verb: 'begin', scope: 'person', name, reason: 'laptop stolen' });

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
  ['lockdown person @alice laptop stolen', lock('@alice')],
  ['lockdown person <@U0ALICE|alice smith> laptop stolen', lock('U0ALICE')],
  ['lockdown person <mailto:alice@example.com|alice@example.com> laptop stolen', lock('alice@example.com')],
  ['lockdown lift person <@U0ALICE>', { kind: 'lockdown', verb: 'lift', scope: 'person', name: 'U0ALICE', reason: '' }],
  ['orders-read 1h30 INC-1', asked(5400, 'INC-1')],
  ['orders-read 45m, INC-2', asked(2700, 'INC-2')],
  ['orders-read ~20m INC-3', asked(1200, 'INC-3')],
  ['orders-read for 20m INC-4', asked(1200, 'INC-4')],
  ['orders-read 1h30min INC-5', asked(5400, 'INC-5')],
  ['orders-read 20mins, INC-6', asked(1200, 'INC-6')],
  ['orders-read 20 minutes INC-7', asked(1200, 'INC-7')],
  ['orders-read 1 hour 30 min INC-8', asked(5400, 'INC-8')],
  ['orders-read 1h 5 servers are down', asked(3600, '5 servers are down')],
  ['orders-read for INC-9', { kind: 'ask', entitlementId: 'orders-read', reason: 'for INC-9' }],
  ['extend for 1h30min, INC-42 takes longer', { kind: 'extend', bySec: 5400, reason: 'INC-42 takes longer' }],
  ['orders-read 20m ask <@U0BOB|bob> in <#C0ACCESS|access>', asked(1200, 'ask @bob in #access')],
  ['orders-read 20m &lt;b&gt; R&amp;D &amp;amp;', asked(1200, '<b> R&D &amp;')],
  [
    'orders-read 20m <https://tickets.example.com/INC-1> <http://example.com|example.com>',
    asked(1200, 'https://tickets.example.com/INC-1 example.com'),
  ],
  ['orders-read 20m <!subteam^S0OPS|@ops> <!here>', asked(1200, '@ops @here')],
])('/access %j is read as %j', (text, expected) => {
  expect(parseCommand(text)).toEqual(expected);
});

it.each(['30', '0s', '-1h', '1.5h', '1e9', '1h30x', '~20', '5S', '366d'])(
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

it('two people who are shown by the same name are told apart', () => {
  const text = 'lockdown person <@U0ALICE|alex> stolen, says <@U0BOB|alex>';
  expect(parseCommand(text)).toMatchObject({ name: 'U0ALICE', reason: 'stolen, says @U0BOB' });
});
