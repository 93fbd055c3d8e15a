import { expect, it } from 'vitest';
import { parseEvent } from '#events/events.ts';

const detail = {
  eventId: '01KB0000000000000000000001.5',
  at: '2026-11-22T10:00:00.000Z',
  requestId: '01KB0000000000000000000001',
  version: 5,
  personId: 'alice',
  entitlementId: 'orders-admin',
  accountId: '222222222222',
  roleName: 'daypass-jit-orders-admin',
  by: 'bob',
};

it.each(['extension.asked', 'extension.denied', 'grant.extended', 'vote.cast'])(
  '%s as it was saved before it named its extension is read',
  (name) => {
    expect(parseEvent(name, detail)).toEqual({ name, detail });
  },
);

it.each(['extension.asked', 'extension.denied', 'grant.extended', 'vote.cast'])(
  '%s keeps the extension that it names',
  (name) => {
    const named = { ...detail, extensionId: '01KB0000000000000000000002' };
    expect(parseEvent(name, named)).toEqual({ name, detail: named });
  },
);

it('what is not ours is no event, and a detail that lacks something is refused', () => {
  for (const name of ['request.refusd', 'toString', '__proto__', '']) expect(parseEvent(name, detail)).toBeUndefined();
  const { personId: _, ...less } = detail;
  expect(() => parseEvent('request.refused', less)).toThrow('personId');
});
