import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DomainEvent, EventName } from '#events/events.ts';
import { type NotifyPorts, notify } from '#slack/deliver/notify.ts';
import { openAlert } from '#test/slack/render/states.ts';
import { startWorld, type World } from '#test/slack/world.ts';

let world: World;
let ports: NotifyPorts;
beforeEach(async () => {
  world = await startWorld();
  ports = { ...world.ports, pause: async (ms) => world.clock.turn(ms), appUrl: 'https://daypass.example.com' };
});
afterEach(() => world.stop());

describe('a refused click', () => {
  const refused = (channelId: string): DomainEvent => ({
    name: 'action.refused',
    detail: {
      eventId: 'e1',
      at: '2026-11-22T10:00:00.000Z',
      subject: '01JDAAAAAAAAAAAAAAAAAAAAAA',
      slackUserId: 'U0ALICE',
      channelId,
      message: 'You cannot vote on your own request.',
      next: 'Ask Bob.',
    },
  });

  it('is told to the clicker alone, once', async () => {
    await notify(refused('C0ACCESS'), ports);
    await notify(refused('C0ACCESS'), ports);
    expect(world.slack.told).toMatchObject([{ channel: 'C0ACCESS', slackUserId: 'U0ALICE' }]);
    expect(JSON.stringify(world.slack.told)).toContain('Ask Bob.');
    expect(world.slack.messages).toEqual([]);
  });

  it('is a direct message where the channel does not let the clicker be told', async () => {
    world.slack.gone.add('C0ACCESS');
    await notify(refused('C0ACCESS'), ports);
    expect(world.slack.in('U0ALICE')).toHaveLength(1);
  });
});

describe('an alert', () => {
  const about = (name: Extract<EventName, `alert.${string}`>, eventId: string): DomainEvent => ({
    name,
    detail: {
      eventId,
      at: '2026-11-22T10:00:00.000Z',
      alertId: openAlert.id,
      version: 1,
      detection: openAlert.detection,
      severity: openAlert.severity,
    },
  });

  it('has one card in the alerts channel, and repeats join its thread', async () => {
    await world.ports.alerts.save({ alert: openAlert, events: [] });
    await notify(about('alert.raised', 'e1'), ports);
    await world.ports.alerts.save({
      alert: { ...openAlert, version: 2, count: 2, newest: [openAlert.first] },
      events: [],
    });
    await notify(about('alert.repeated', 'e2'), ports);
    await notify(about('alert.repeated', 'e2'), ports);
    const [posted, ...others] = world.slack.in('C0SECURITY');
    expect(others).toEqual([]);
    expect(JSON.stringify(posted?.blocks)).toContain('Seen 2 times');
    expect(world.slack.messages.filter(({ threadTs }) => threadTs === posted?.ts)).toHaveLength(1);
  });

  it('that its channel does not take is said in the other channel, once, and is posted when the channel is back', async () => {
    await world.ports.alerts.save({ alert: openAlert, events: [] });
    world.slack.gone.add('C0SECURITY');
    for (const eventId of ['e1', 'e1']) {
      await expect(notify(about('alert.raised', eventId), ports)).rejects.toMatchObject({ name: 'SlackUnavailable' });
    }
    expect(world.slack.in('C0ACCESS').map(({ text }) => text)).toEqual([
      'Daypass cannot post in C0SECURITY: nobody sees what waits there.',
    ]);
    world.slack.gone.clear();
    await notify(about('alert.raised', 'e1'), ports);
    expect(world.slack.in('C0SECURITY')).toHaveLength(1);
  });

  it('that is answered loses Revoke and Expected', async () => {
    await world.ports.alerts.save({ alert: openAlert, events: [] });
    await notify(about('alert.raised', 'e1'), ports);
    const answer = { action: 'expected' as const, at: '2026-11-22T10:00:05.000Z', by: 'bob' };
    await world.ports.alerts.save({ alert: { ...openAlert, version: 2, status: 'answered', answer }, events: [] });
    await notify(about('alert.answered', 'e2'), ports);
    const text = JSON.stringify(world.slack.in('C0SECURITY')[0]?.blocks);
    expect(text).toContain('<@U0BOB> chose Expected');
    expect(text).not.toContain('alert.revoke');
  });
});

it('a confirmed login is a direct message to the person', async () => {
  const event: DomainEvent = {
    name: 'login.confirmed',
    detail: { eventId: 'e1', at: '2026-11-22T10:00:00.000Z', loginId: 'l', personId: 'alice' },
  };
  await notify(event, ports);
  await notify(event, ports);
  expect(world.slack.in('U0ALICE')).toHaveLength(1);
});
