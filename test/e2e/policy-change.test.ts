import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { ask, ended, grant, mint, statusOf } from './people.ts';
import { openWorld, type World } from './world.ts';

let folder: string;
let world: World;
const policyPath = (): string => join(folder, 'access.yaml');

/** Somebody edits the policy while Daypass runs. */
const edit = (from: string, to: string): void => {
  const text = readFileSync(policyPath(), 'utf8');
  expect(text).toContain(from);
  writeFileSync(policyPath(), text.replace(from, to));
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daypass-policy-'));
  writeFileSync(policyPath(), readFileSync('access.yaml'));
  world = await openWorld({ policyPath: policyPath() });
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a change of the policy', () => {
  it('that takes the requester’s right away ends the grant at the next hand-out, and kills what was handed out', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    edit('developers: [alice, bob, carol]', 'developers: [bob, carol]');
    expect((await world.api(alice, 'POST', `/requests/${id}/credentials`)).status).toBe(409);
    await ended(world, alice, id);
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    expect(world.faults).toEqual([]);
  });

  it('that leads the entitlement to another role hands out nothing there, and ends what was approved', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    edit(
      'role: daypass-jit-orders-admin',
      'role: daypass-jit-payments-admin\n    acceptWeaker: The role is another one.',
    );
    expect((await world.api(alice, 'POST', `/requests/${id}/credentials`)).status).toBe(409);
    await ended(world, alice, id);
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    expect(world.faults).toEqual([]);
  });

  it('that lends a new role, in a new account too, can be used at once on the laptop', async () => {
    await ask(world, 'U0ALICE', 'orders-read 1h before anything changes');
    const entry = (id: string, account: string) =>
      `  ${id}:\n    description: New\n    account: ${account}\n    role: daypass-jit-${id}\n    mayAsk: [developers]\n    duration: { min: 5s, default: 30m, max: 1h }\n    approval: none\n`;
    edit('entitlements:\n', `entitlements:\n${entry('orders-new', 'production')}${entry('staging-new', 'staging')}`);
    edit('  partner:\n', '  staging:\n    id: "444444444444"\n    externalId: dp-staging-0a1b2c3d\n  partner:\n');
    const alice = await world.login('U0ALICE');
    for (const id of ['orders-new', 'staging-new']) {
      const asked = await ask(world, 'U0ALICE', `${id} 30m trying what is new`);
      await until('a live grant', () => asked.card.text.includes('Active'));
      const credentials = await mint(world, alice, asked.id);
      if (id === 'orders-new') expect(await world.readOrder(credentials)).toBe('12345');
      expect((await world.api(alice, 'POST', `/requests/${asked.id}/end`)).status).toBe(200);
      await ended(world, alice, asked.id);
    }
    expect(world.faults).toEqual([]);
  });

  it('that takes the approver away counts at the click', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    edit('leads: [bob, carol]', 'leads: [carol]');
    await world.click('U0BOB', card, 'Approve');
    await until('Bob to be told', () => world.slack.ephemerals.find((told) => told.user === 'U0BOB'));
    expect(await statusOf(world, await world.login('U0ALICE'), id)).toBe('pending');
  });

  it('that cannot be read changes nothing, and is said loudly', async () => {
    const { card } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    edit('people:', 'persons:');
    await world.click('U0BOB', card, 'Approve');
    await until('a live grant', () => card.text.includes('Active'));
    expect(world.faults.some((fault) => fault.includes('persons'))).toBe(true);
  });

  it('that cannot be read is told where the alerts are, whether or not anybody asks, and by the API', async () => {
    const health = async () => (await fetch(`${world.stack.appUrl}/v1/health`)).json();
    const alerts = () => world.slack.messages.filter(({ channel }) => channel === 'C0SECURITY').map(({ text }) => text);
    expect(await health()).toMatchObject({ status: 'ok', policyDigest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await health()).not.toHaveProperty('policyUnreadableSince');
    edit('people:', 'persons:');
    edit('leads: [bob, carol]', 'leads: [carol]');
    await until('the console to be told', () => world.faults.some((fault) => fault.includes('persons')));
    await world.clock.turn(5_000);
    await until('the alerts channel to be told', () => alerts().length > 0);
    expect(alerts()).toEqual(['🚨 The access policy was changed and cannot be read: the change is not in force.']);
    expect(await health()).toMatchObject({ status: 'ok', policyUnreadableSince: expect.stringMatching(/^\d{4}-/) });
    edit('persons:', 'people:');
    await until('the alerts channel to be told', () => alerts().length > 1);
    expect(alerts()[1]).toMatch(/^✅ The access policy can be read again: [0-9a-f]{12} is in force\.$/);
    expect(await health()).not.toHaveProperty('policyUnreadableSince');
  });
});
