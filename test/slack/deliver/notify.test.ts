import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activate, beginEnd, finishEnd } from '#core/grant/grant.ts';
import { toIso } from '#core/instant.ts';
import type { Change } from '#core/request/change.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { submit } from '#core/request/submit.ts';
import { approve, deny } from '#core/request/waiting.ts';
import type { DomainEvent } from '#events/events.ts';
import { type NotifyPorts, notify } from '#slack/deliver/notify.ts';
import { startWorld, type World } from '#test/slack/world.ts';

const id = '01JDAAAAAAAAAAAAAAAAAAAAAA';
let world: World;
let ports: NotifyPorts;
beforeEach(async () => {
  world = await startWorld();
  ports = { ...world.ports, pause: async (ms) => world.clock.turn(ms), appUrl: 'https://daypass.example.com' };
});
afterEach(() => world.stop());

const at = (sec: number): string => toIso(Date.parse('2026-11-22T10:00:00.000Z') + sec * 1000);
const ask = (verdict: 'allowed' | 'needs-approval'): Change =>
  submit({
    id,
    ask: { personId: 'alice', entitlementId: 'orders-admin', durationSec: 20, reason: 'fixing INC-42' },
    decision:
      verdict === 'allowed'
        ? { policyDigest: 'd', trace: [], verdict }
        : { policyDigest: 'd', trace: [], verdict, count: 1, approvers: ['bob', 'carol'], groups: ['leads'] },
    accountId: '222222222222',
    roleName: 'daypass-jit-orders-admin',
    at: at(0),
    lapsesAt: at(3600),
  });

const save = async <R extends AccessRequest>(change: Change<R>): Promise<R> => {
  await world.ports.requests.save(change);
  return change.request;
};
const as = <S extends AccessRequest['status']>(
  request: AccessRequest,
  status: S,
): Extract<AccessRequest, { status: S }> => {
  if (request.status !== status) throw new Error(`${request.status} instead of ${status}`);
  return request as Extract<AccessRequest, { status: S }>;
};

/** Every change of a request that is approved, used and ended; each is saved when it is reached. */
const changes = () => {
  const asked = ask('needs-approval');
  const approved = approve(as(asked.request, 'pending'), { personId: 'bob', verdict: 'approve', at: at(1) }, true);
  const active = activate(as(approved.request, 'approved'), at(2));
  const ending = beginEnd(active.request, { reason: 'expired', at: at(22) });
  const ended = finishEnd(ending.request, 'no-session', at(23));
  return [asked, approved, active, ending, ended] as const;
};
const eventsOf = (all: readonly Change[]): DomainEvent[] => all.flatMap(({ events }) => events);
const cards = () => world.slack.in('C0ACCESS');
const card = () => JSON.stringify(cards()[0]?.blocks);
const notes = () => world.slack.in('U0ALICE').map(({ text }) => text.split(':')[0]);

describe('a request', () => {
  it('has one card through its whole life, and direct messages for what its requester must know', async () => {
    for (const change of changes()) {
      await save(change);
      for (const event of change.events) await notify(event, ports);
    }
    expect(cards()).toHaveLength(1);
    expect(cards()[0]?.updates).toBe(4);
    expect(card()).toContain('🔒 Ended');
    expect(notes()).toEqual(['☑️ Approved, starting', '🔒 Ended', '🔒 Ended']);
    expect(world.slack.messages.flatMap(({ blocks }) => blocks).filter(({ type }) => type === 'actions')).toEqual([]);
  });

  it('that needs no approval has no message about waiting', async () => {
    const asked = await save(ask('allowed'));
    await notify(eventsOf([ask('allowed')])[0] as DomainEvent, ports);
    const active = activate(as(asked, 'approved'), at(1));
    await save(active);
    for (const event of active.events) await notify(event, ports);
    expect(notes()).toEqual(['🟢 Active']);
    expect(card()).toContain("I'm done");
  });

  it.each([
    ['reversed', (events: DomainEvent[]) => [...events].reverse()],
    ['twice each', (events: DomainEvent[]) => events.flatMap((event) => [event, event])],
    ['all but the last lost', (events: DomainEvent[]) => events.slice(-1)],
  ])('whose events come %s still has one card, which shows how things are', async (_, order) => {
    const all = changes();
    for (const change of all) await save(change);
    for (const event of order(eventsOf(all))) await notify(event, ports);
    expect(cards()).toHaveLength(1);
    expect(card()).toContain('🔒 Ended');
    expect(notes()).toEqual(['🔒 Ended']);
  });

  it('whose events come all at once has one card', async () => {
    const all = changes();
    for (const change of all) await save(change);
    await Promise.all(eventsOf(all).map((event) => notify(event, ports)));
    expect(cards()).toHaveLength(1);
    expect(notes()).toEqual(['🔒 Ended']);
  });

  it('that was refused as it was asked is nobody else’s business', async () => {
    const refused = submit({
      id,
      ask: { personId: 'dave', entitlementId: 'orders-admin', durationSec: 20, reason: 'x' },
      decision: { policyDigest: 'd', trace: [], verdict: 'refused', reasons: ['no'] },
      accountId: '222222222222',
      roleName: 'r',
      at: at(0),
      lapsesAt: at(1),
    });
    await save(refused);
    for (const event of refused.events) await notify(event, ports);
    expect(world.slack.messages).toEqual([]);
  });

  it('that was denied tells its requester why', async () => {
    const [asked] = changes();
    await save(asked);
    const denied = deny(as(asked.request, 'pending'), {
      personId: 'bob',
      verdict: 'deny',
      reason: 'use orders-read',
      at: at(1),
    });
    await save(denied);
    for (const event of denied.events) await notify(event, ports);
    expect(JSON.stringify(world.slack.in('U0ALICE'))).toContain('use orders-read');
  });
});

describe('an older rendering', () => {
  it('never stays on top of a newer one', async () => {
    const [asked, approved, active] = changes();
    await save(asked);
    for (const event of asked.events) await notify(event, ports);
    await save(approved);
    // While the first update is on its way to Slack, the grant begins and its own update overtakes it.
    let overtaken = false;
    world.slack.before = async (call) => {
      if (call !== 'update' || overtaken) return;
      overtaken = true;
      await save(active);
      for (const event of active.events) await notify(event, ports);
      expect(card()).toContain('🟢 Active');
    };
    for (const event of approved.events) await notify(event, ports);
    expect(card()).toContain('🟢 Active');
  });
});

describe('a process that dies', () => {
  const submitted = async (): Promise<DomainEvent> => {
    const [asked] = changes();
    await save(asked);
    const [event] = asked.events;
    if (!event) throw new Error('no event');
    return event;
  };

  it('after posting and before keeping it leaves one card all the same', async () => {
    const event = await submitted();
    const dying = {
      ...ports,
      postings: {
        ...ports.postings,
        finish: () => Promise.reject(new Error('died')),
        giveUp: () => Promise.reject(new Error('died')),
      },
    };
    await expect(notify(event, dying)).rejects.toThrow('died');
    await expect(notify(event, ports)).rejects.toMatchObject({ name: 'SlackUnavailable' });
    await world.clock.turn(31_000);
    await notify(event, ports);
    expect(cards()).toHaveLength(1);
    expect(await world.ports.postings.get(`card:${id}`)).toEqual({ channel: 'C0ACCESS', ts: cards()[0]?.ts });
  });

  it('before posting delays the card until its claim runs out', async () => {
    const event = await submitted();
    await world.ports.postings.claim(`card:${id}`);
    await expect(notify(event, ports)).rejects.toMatchObject({ name: 'SlackUnavailable' });
    expect(cards()).toHaveLength(0);
    await world.clock.turn(31_000);
    await notify(event, ports);
    expect(cards()).toHaveLength(1);
  });
});

describe('Slack being down', () => {
  it('fails the event, and its next delivery posts at once', async () => {
    const [asked] = changes();
    await save(asked);
    world.slack.before = () => {
      throw new Error('down');
    };
    await expect(notify(asked.events[0] as DomainEvent, ports)).rejects.toThrow('down');
    world.slack.before = () => {};
    await notify(asked.events[0] as DomainEvent, ports);
    expect(cards()).toHaveLength(1);
    expect(notes()).toEqual(['⏳ Waiting for approval']);
  });

  it('for the channel does not keep the direct message from its reader', async () => {
    const [asked] = changes();
    await save(asked);
    let calls = 0;
    world.slack.before = () => {
      calls += 1;
      if (calls === 1) throw new Error('down');
    };
    await expect(notify(asked.events[0] as DomainEvent, ports)).rejects.toThrow('down');
    expect(notes()).toEqual(['⏳ Waiting for approval']);
  });

  describe('a card that its channel does not take', () => {
    const texts = (to: string) => world.slack.in(to).map(({ text }) => text);

    it('is said to its requester and in the other channel, once, and is posted when the channel is back', async () => {
      const [asked] = changes();
      await save(asked);
      world.slack.gone.add('C0ACCESS');
      for (let times = 0; times < 3; times++) {
        await expect(notify(asked.events[0] as DomainEvent, ports)).rejects.toMatchObject({ name: 'SlackUnavailable' });
      }
      expect(world.logged()).toContain('Invite the app to C0ACCESS');
      expect(texts('U0ALICE')).toEqual([
        expect.stringContaining('Waiting for approval'),
        'Nobody sees your request yet: its card could not be posted.',
      ]);
      expect(JSON.stringify(world.slack.in('U0ALICE'))).toContain('to type `/access list`');
      expect(texts('C0SECURITY')).toEqual(['Daypass cannot post in C0ACCESS: nobody sees what waits there.']);
      world.slack.gone.clear();
      await notify(asked.events[0] as DomainEvent, ports);
      expect(cards()).toHaveLength(1);
    });

    it('can be answered from the list of an approver', async () => {
      const [asked] = changes();
      await save(asked);
      world.slack.gone.add('C0ACCESS');
      const listed = JSON.stringify((await world.command('list', 'U0BOB')).json);
      expect(listed).toContain(`"action_id":"request.approve","value":"${asked.request.id}"`);
      expect(listed).toContain(`"action_id":"request.deny","value":"${asked.request.id}"`);
      await world.click('request.approve', asked.request.id, 'U0BOB');
      expect((await world.ports.requests.get(asked.request.id))?.status).toBe('approved');
      const alices = JSON.stringify((await world.command('list', 'U0ALICE')).json);
      expect(alices).not.toContain('request.approve');
    });

    it('is not taken to be the list in which it is answered', async () => {
      const [asked] = changes();
      await save(asked);
      world.slack.gone.add('C0ACCESS');
      await world.click('request.approve', asked.request.id, 'U0BOB', {
        container: { type: 'message', message_ts: '1795342800.000900', channel_id: 'C0ACCESS', is_ephemeral: true },
        message: { type: 'message', ts: '1795342800.000900' },
      });
      expect((await world.ports.requests.get(asked.request.id))?.status).toBe('approved');
      expect(await world.ports.postings.get(`card:${asked.request.id}`)).toBeUndefined();
    });

    it('any more is brought up to date when it does again', async () => {
      const [asked, approved] = changes();
      await save(asked);
      await notify(asked.events[0] as DomainEvent, ports);
      await save(approved);
      world.slack.gone.add('C0ACCESS');
      await expect(notify(approved.events[0] as DomainEvent, ports)).rejects.toMatchObject({
        name: 'SlackUnavailable',
      });
      world.slack.gone.clear();
      await notify(approved.events[0] as DomainEvent, ports);
      expect(card()).toContain('Approved');
    });

    it('is not promised to be there in the answer to who asks', async () => {
      const answer = JSON.stringify((await world.command('orders-admin 30m fixing INC-42', 'U0ALICE')).json);
      expect(answer).toContain('the card goes to <#C0ACCESS>');
    });
  });

  it('a card that somebody deleted is posted anew, once', async () => {
    const [asked, approved] = changes();
    await save(asked);
    await notify(asked.events[0] as DomainEvent, ports);
    world.slack.messages.splice(0, 1);
    await save(approved);
    await Promise.all([1, 2].map(() => notify(approved.events[0] as DomainEvent, ports)));
    expect(cards()).toHaveLength(1);
    expect(card()).toContain('Approved');
  });
});
