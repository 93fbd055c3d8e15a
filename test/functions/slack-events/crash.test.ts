import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { build } from '#functions/slack-events/handler.ts';
import type { PortsWithSlack } from '#slack/ports.ts';
import { eventOf, form, startWorld } from '#test/slack/world.ts';

/** The same ports in a process that dies at its `last`-th call: that one and all later ones never have an effect. */
const mortal = (ports: PortsWithSlack, last: number): { ports: PortsWithSlack; calls: () => number } => {
  let calls = 0;
  const wrapped = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name, receiver) => {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          calls += 1;
          if (calls >= last) throw new Error('died');
          return (member as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const { requests, outbox, replies, policy } = ports;
  return {
    ports: {
      ...ports,
      requests: wrapped(requests),
      outbox: wrapped(outbox),
      replies: wrapped(replies),
      policy: wrapped(policy),
    },
    calls: () => calls,
  };
};

const body = form({
  command: '/access',
  text: 'orders-admin 20s fixing INC-42',
  team_id: 'T0DAYPASS',
  user_id: 'U0ALICE',
  trigger_id: '1',
});

it('wherever the handler dies, the same signed request again makes one request and is answered', async () => {
  const whole = await startWorld();
  const living = mortal(whole.ports, Number.POSITIVE_INFINITY);
  await build(living.ports)(eventOf(whole.sign(body)), {} as Context);
  await whole.stop();
  // The claim, the policy twice, the save, the publishing and the keeping of the answer, at the least.
  expect(living.calls()).toBeGreaterThanOrEqual(6);
  for (let last = 1; last <= living.calls(); last++) {
    const world = await startWorld();
    const signed = world.sign(body);
    await build(mortal(world.ports, last).ports)(eventOf(signed), {} as Context);
    await world.clock.turn(16_000);
    expect((await world.send(signed)).body).toContain('can approve');
    expect(await world.ports.requests.ofPerson('alice')).toHaveLength(1);
    await world.stop();
  }
});
