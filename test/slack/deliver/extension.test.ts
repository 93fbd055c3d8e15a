import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccessRequest } from '#core/request/request.ts';
import type { DomainEvent } from '#events/events.ts';
import { type NotifyPorts, notify } from '#slack/deliver/notify.ts';
import { actsIn } from '#test/slack/acts.ts';
import { extensionActsIn } from '#test/slack/extension-acts.ts';
import { startWorld, type World } from '#test/slack/world.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';

let world: World;
let ports: NotifyPorts;
beforeEach(async () => {
  world = await startWorld();
  ports = { ...world.ports, pause: async (ms) => world.clock.turn(ms), appUrl: 'https://daypass.example.com' };
});
afterEach(() => world.stop());
const { asked, begin } = actsIn(() => world);
const acts = extensionActsIn(() => world);
const { stored, askedMore: ask, approve, deny } = acts;

let seen = 0;
beforeEach(() => {
  seen = 0;
});
/** What was published since the last time. */
const fresh = (): DomainEvent[] => {
  const events = world.events.slice(seen);
  seen = world.events.length;
  return events;
};
const show = async (events = fresh()): Promise<void> => {
  for (const event of events) await notify(event, ports);
};
/** A live grant, and everything about it shown; a minute later. */
const live = async (text?: string): Promise<string> => {
  const id = await acts.live(text);
  await show();
  await world.clock.turn(60_000);
  return id;
};

const card = () => JSON.stringify(world.slack.in('C0ACCESS')[0]?.blocks);
const replies = () => world.slack.messages.filter(({ threadTs }) => threadTs === world.slack.in('C0ACCESS')[0]?.ts);
const reply = (index = 0) => JSON.stringify(replies()[index]?.blocks);
const notes = () => world.slack.in('U0ALICE').map(({ blocks }) => JSON.stringify(blocks));
const notesWith = (words: string) => notes().filter((note) => note.includes(words));
const liveNote = () => notesWith('daypass exec')[0] ?? '';

describe('an extension that waits', () => {
  it('is one reply under the card, which the channel sees too, and one line on the card', async () => {
    const value = await ask(await live());
    const events = fresh();
    await show([...events, ...events]);
    expect(replies()).toMatchObject([{ to: 'C0ACCESS', broadcast: true }]);
    for (const part of [
      '<@U0ALICE> asks for 30 min more of `orders-admin`',
      'Why: INC-42 takes longer',
      '<@U0BOB> or <@U0CAROL> can answer',
    ]) {
      expect(reply()).toContain(part);
    }
    expect(reply()).toContain(`"value":"${value}"`);
    expect(card()).toContain('<@U0ALICE> asks for 30 min more, until');
    for (const text of [card(), liveNote()]) expect(text).not.toContain('Extend…');
    expect(liveNote()).toContain('You asked for 30 min more');
  });

  it('counts the votes of those who answered', async () => {
    await world.command('payments-admin 1h fixing INC-42');
    const [request] = await world.ports.requests.ofPerson('alice');
    const id = request?.id ?? '';
    for (const who of ['U0BOB', 'U0CAROL']) await world.click('request.approve', id, who);
    await begin(await stored(id));
    await show();
    const value = await ask(id);
    await show();
    await approve(value);
    await show();
    expect(reply()).toContain('1 of 2 approved (<@U0BOB>) · <@U0CAROL> can answer');
    await approve(value, 'U0CAROL');
    await show();
    expect(reply()).toContain('Approved by <@U0BOB>, <@U0CAROL>');
    expect(card()).toContain('extended by 30 min, approved by <@U0BOB>, <@U0CAROL>');
  });

  it('is settled by the end of the grant, and offers nothing any more', async () => {
    const id = await live();
    await ask(id);
    await show();
    await world.clock.turn(1000);
    await endGrant({ requestId: id, personId: 'alice', reason: 'done' }, world.ports);
    await show();
    expect(reply()).toContain('The grant ended before anybody answered.');
    expect(reply()).not.toContain('extension.approve');
    expect(notesWith('More time')).toEqual([]);
  });

  it('asked for and answered before anybody was told has no message of its own', async () => {
    await approve(await ask(await live()));
    await show();
    expect(replies()).toEqual([]);
    expect(card()).toContain('extended by 30 min, approved by <@U0BOB>');
  });

  it('reads no markup in what people typed', async () => {
    const id = await live();
    await show();
    const value = await ask(id, '&lt;!channel&gt; *now* &lt;https://evil.example|Approve&gt;');
    await show();
    expect(reply()).toContain('"type":"plain_text","text":"Why: <!channel> *now* <https://evil.example|Approve>"');
    expect(replies()[0]?.text).not.toContain('<!channel>');
    await deny(value, '<!here> `no`');
    await show();
    for (const text of [reply(), card(), ...notesWith('More time denied')]) {
      expect(text).toContain('"type":"plain_text","text":"Reason given: <!here> `no`"');
      expect(text).not.toMatch(/"type":"mrkdwn","text":"[^"]*<!(?!date)/);
    }
  });
});

describe('an extension that was granted', () => {
  it('shows the new end and who let it happen, and is told to its holder once', async () => {
    const id = await live();
    const value = await ask(id);
    await show();
    await approve(value);
    const events = fresh();
    await show([...events, ...events]);
    expect(reply()).toContain('Approved by <@U0BOB>');
    expect(reply()).not.toContain('extension.approve');
    for (const part of ['for 1 h 30 min', 'extended by 30 min, approved by <@U0BOB>', 'Extend…']) {
      expect(card()).toContain(part);
    }
    const told = notesWith('Take new credentials');
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('<@U0BOB> approved 30 min more');
    const { grant } = (await stored(id)) as Extract<AccessRequest, { status: 'active' }>;
    const until = `<!date^${Date.parse(grant.endsAt) / 1000}^`;
    for (const text of [card(), liveNote(), told[0]]) expect(text).toContain(until);
    expect(liveNote()).not.toContain('You asked for');
    expect(liveNote()).toContain('Extend…');
    await endGrant({ requestId: id, personId: 'alice', reason: 'done' }, world.ports);
    await show();
    expect(card()).toContain('extended by 30 min, approved by <@U0BOB>');
    expect(notesWith('Take new credentials')).toHaveLength(1);
  });

  it('several times names each, with its own length', async () => {
    const id = await live();
    for (const [more, who] of [
      ['30m', 'U0BOB'],
      ['1h', 'U0CAROL'],
    ] as const) {
      await world.command(`extend ${more} INC-42 takes longer`);
      await approve(`${id}.${(await stored(id)).extensions?.at(-1)?.id}`, who);
      await world.clock.turn(1000);
    }
    await show();
    expect(card()).toContain('extended by 30 min, approved by <@U0BOB> · extended by 1 h, approved by <@U0CAROL>');
    expect(card()).toContain('for 2 h 30 min');
    expect(notesWith('Take new credentials')).toHaveLength(2);
  });

  it('without anybody’s approval has no reply', async () => {
    const { id } = await asked('orders-read 10m looking at INC-42');
    await begin(await stored(id));
    await show();
    await world.command('extend 10m INC-42 takes longer');
    await show();
    expect(replies()).toEqual([]);
    expect(card()).toContain('extended by 10 min');
    expect(notesWith('Take new credentials')).toHaveLength(1);
  });
});

describe('an extension that was denied', () => {
  it('says by whom and why, and another one has a message of its own', async () => {
    const id = await live();
    const value = await ask(id);
    await show();
    await deny(value);
    await show();
    expect(card()).toContain('⛔ 30 min more: denied by <@U0BOB>');
    expect(card()).toContain('Extend…');
    expect(reply()).toContain('Denied by <@U0BOB>');
    expect(reply()).not.toContain('extension.approve');
    expect(notesWith('Reason given: use what is left')).toHaveLength(1);
    await world.clock.turn(1000);
    await ask(id, 'really');
    await show();
    expect(replies()).toHaveLength(2);
    expect(reply(0)).toContain('Denied by <@U0BOB>');
    expect(reply(1)).toContain('extension.approve');
    expect(card()).not.toContain('⛔');
  });

  it('of which Slack hears late, after another was asked for, is put right all the same', async () => {
    const id = await live();
    const value = await ask(id);
    await show();
    await deny(value);
    const late = fresh();
    await world.clock.turn(1000);
    await ask(id, 'really');
    await show();
    await show(late);
    expect(reply(0)).toContain('Denied by <@U0BOB>');
    expect(notesWith('Reason given: use what is left')).toHaveLength(1);
  });
});

describe('an event about an extension', () => {
  /** As versions before extensions were named in events saved it. */
  const unnamed = (event: DomainEvent): DomainEvent => {
    const { extensionId: _, ...detail } = event.detail as typeof event.detail & { extensionId?: string };
    return { ...event, detail } as DomainEvent;
  };

  it('names it, and a vote on a request names none', async () => {
    const id = await live();
    expect(world.events.filter(({ detail }) => 'extensionId' in detail)).toEqual([]);
    await deny(await ask(id));
    await approve(await ask(id));
    const [denied, granted] = (await stored(id)).extensions ?? [];
    expect(
      fresh().flatMap(({ name, detail }) => ('extensionId' in detail ? [[name, detail.extensionId]] : [])),
    ).toEqual([
      ['extension.asked', denied?.id],
      ['extension.denied', denied?.id],
      ['extension.asked', granted?.id],
      ['grant.extended', granted?.id],
    ]);
  });

  it('touches no other that was asked for or answered in the same moment', async () => {
    const id = await live();
    const value = await ask(id);
    await show();
    await deny(value);
    const [denied] = fresh();
    await ask(id, 'really');
    fresh();
    await show(denied ? [denied] : []);
    expect(replies()).toHaveLength(1);
    expect(reply()).toContain('Denied by <@U0BOB>');
  });

  it('that was saved before it named one is taken to be about the newest', async () => {
    const id = await live();
    const value = await ask(id);
    await show(fresh().map(unnamed));
    expect(reply()).toContain('extension.approve');
    await approve(value);
    await show(fresh().map(unnamed));
    expect(reply()).toContain('Approved by <@U0BOB>');
    expect(notesWith('Take new credentials')).toHaveLength(1);
  });
});

describe('events that come', () => {
  it.each([
    ['reversed', (events: DomainEvent[]) => [...events].reverse()],
    ['twice each', (events: DomainEvent[]) => events.flatMap((event) => [event, event])],
    ['all but the last lost', (events: DomainEvent[]) => events.slice(-1)],
  ])('%s leave one reply that shows how things are', async (_, order) => {
    const id = await live();
    const value = await ask(id);
    await show();
    await world.clock.turn(1000);
    await approve(value);
    await world.clock.turn(1000);
    await endGrant({ requestId: id, personId: 'bob', reason: 'revoked' }, world.ports);
    await show(order(fresh()));
    expect(replies()).toHaveLength(1);
    expect(world.slack.in('C0ACCESS')).toHaveLength(1);
    expect(card()).toContain('Revoked by <@U0BOB>');
    expect(reply()).toContain('Approved by <@U0BOB>');
  });

  it('all at once leave one reply', async () => {
    await ask(await live());
    const events = fresh();
    await Promise.all([...events, ...events, ...events].map((event) => notify(event, ports)));
    expect(replies()).toHaveLength(1);
  });

  it('while Slack fails are shown when they come again', async () => {
    await approve(await ask(await live()));
    const events = fresh();
    let calls = 0;
    world.slack.before = () => {
      calls += 1;
      if (calls % 2 === 1) throw new Error('down');
    };
    for (const event of events) await notify(event, ports).catch(() => {});
    world.slack.before = () => {};
    await show(events);
    expect(notesWith('Take new credentials')).toHaveLength(1);
  });
});

it('a reply that somebody deleted is posted anew, under the card and in the channel', async () => {
  const value = await ask(await live());
  await show();
  const lost = replies()[0];
  if (lost) world.slack.messages.splice(world.slack.messages.indexOf(lost), 1);
  await deny(value);
  await show();
  expect(replies()).toMatchObject([{ broadcast: true }]);
  expect(reply()).toContain('Denied by <@U0BOB>');
});
