import type { Context, EventBridgeEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { build } from '#functions/notify/handler.ts';
import { startWorld, type World } from '#test/slack/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const deliver = (name: string, detail: object): Promise<void> =>
  build(world.ports, 'https://daypass.example.com')(
    { source: 'daypass', 'detail-type': name, detail } as EventBridgeEvent<string, unknown>,
    {
      getRemainingTimeInMillis: () => 60_000,
    } as Context,
  );

it('shows what a command caused, from the event as the bus delivers it', async () => {
  await world.command('orders-admin 20s fixing INC-42');
  const [event] = world.events;
  await deliver(event?.name ?? '', event?.detail ?? {});
  expect(world.slack.in('C0ACCESS')).toHaveLength(1);
});

it('fails, so that the event is delivered again, when Slack is down or the event is not ours', async () => {
  await world.command('orders-admin 20s fixing INC-42');
  world.slack.before = () => {
    throw new Error('down');
  };
  const [event] = world.events;
  await expect(deliver(event?.name ?? '', event?.detail ?? {})).rejects.toThrow('down');
  await expect(deliver('something.else', {})).rejects.toThrow('something.else');
});

it('the note of a confirmed login can end it', async () => {
  const detail = { eventId: '01KAN0DAYPASS0000000000001.confirmed', at: '2026-11-22T10:00:00.000Z' };
  await deliver('login.confirmed', { ...detail, loginId: '01KAN0DAYPASS0000000000001', personId: 'alice' });
  const [note] = world.slack.in('U0ALICE');
  expect(JSON.stringify(note)).toContain('"action_id":"login.end","value":"01KAN0DAYPASS0000000000001"');
});
