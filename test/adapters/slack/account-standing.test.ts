import { WebAPIPlatformError } from '@slack/web-api';
import { expect, it } from 'vitest';
import { isSlack, standingFrom } from '#adapters/slack/account-standing.ts';

it('Slack itself always knows accounts: where it tells nothing of one, nobody takes that for a member’s', async () => {
  const unknown = { is: 'unknown', because: 'is not told' };
  expect(await standingFrom(async () => ({}), false)).toEqual(unknown);
  expect(await standingFrom(async () => ({ user: null }), false)).toEqual(unknown);
  const lacking = new WebAPIPlatformError({ ok: false, error: 'unknown_method' });
  await expect(standingFrom(() => Promise.reject(lacking), false)).rejects.toBe(lacking);
});

it.each([
  [undefined, true],
  ['https://slack.com/api/', true],
  ['https://acme.slack.com/api/', true],
  ['https://slack-gov.com/api/', true],
  ['http://127.0.0.1:4000/api/', false],
  ['https://notslack.com/api/', false],
  ['https://slack.com.example.com/api/', false],
])('%s is Slack itself: %s', (apiUrl, is) => {
  expect(isSlack(apiUrl)).toBe(is);
});
