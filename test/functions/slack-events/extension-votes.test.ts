import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { actsIn } from '#test/slack/acts.ts';
import { extensionActsIn } from '#test/slack/extension-acts.ts';
import { startWorld, type World } from '#test/slack/world.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());
const { names, told } = actsIn(() => world);
const { extensionsOf, secondsOf, waiting, deny } = extensionActsIn(() => world);

const other = '01JDAAAAAAAAAAAAAAAAAAAAAA';
describe('an approver’s answer', () => {
  it('Approve moves the end, and a double click is nothing more', async () => {
    const { id, value } = await waiting();
    await Promise.all([world.click('extension.approve', value), world.click('extension.approve', value)]);
    expect(await secondsOf(id)).toBe(5400);
    expect(names().filter((name) => name === 'grant.extended')).toHaveLength(1);
    expect(told()).toEqual([]);
  });

  it('Deny… asks why, and the end stays', async () => {
    const { id, value } = await waiting();
    await world.click('extension.deny', value);
    const modal = world.slack.modals.at(-1);
    expect(modal).toMatchObject({ callback_id: 'extension.deny', private_metadata: value });
    const empty = await world.submit(modal ?? {}, { reason: { value: { value: ' ' } } }, 'U0BOB');
    expect(empty.json).toMatchObject({ response_action: 'errors', errors: { reason: expect.any(String) } });
    await world.submit(modal ?? {}, { reason: { value: { value: 'use what is left' } } }, 'U0BOB');
    expect(await extensionsOf(id)).toMatchObject([
      { status: 'denied', deniedBy: 'bob', deniedReason: 'use what is left' },
    ]);
    expect(await secondsOf(id)).toBe(3600);
  });

  it('is nobody’s own, and nobody’s whom the policy does not name: neither button does anything', async () => {
    const { id, value } = await waiting();
    for (const action of ['extension.approve', 'extension.deny']) {
      for (const who of ['U0ALICE', 'U0DAVE', 'U0STRANGER']) await world.click(action, value, who);
    }
    expect(world.slack.modals).toEqual([]);
    expect(told()).toHaveLength(6);
    expect(told()[0]).toContain('You cannot vote on your own request.');
    expect(told()[1]).toContain('You cannot vote on requests for orders-admin.');
    expect(told()[2]).toContain('your Slack id U0STRANGER');
    expect(await extensionsOf(id)).toMatchObject([{ status: 'waiting', votes: [] }]);
  });

  it('on a stale button changes nothing and says what became of it', async () => {
    const { id, value } = await waiting();
    await deny(value, 'no');
    await world.command('extend 15m asking once more');
    for (const action of ['extension.approve', 'extension.deny']) await world.click(action, value, 'U0CAROL');
    await world.click('extension.deny', value, 'U0BOB');
    const late = await deny(value, 'no', 'U0CAROL');
    expect(late.json.response_action).toBe('update');
    expect(world.slack.modals).toEqual([]);
    const words = 'This extension is no longer waiting: it is denied (Bob voted to deny)';
    expect(late.body).toContain(words);
    expect(told()).toEqual([1, 2, 3].map(() => expect.stringContaining(words)));
    expect(await extensionsOf(id)).toMatchObject([{ status: 'denied' }, { status: 'waiting', votes: [] }]);
    expect(await secondsOf(id)).toBe(3600);
  });

  it('after the grant has ended says that it is too late', async () => {
    const { id, value } = await waiting();
    await endGrant({ requestId: id, personId: 'alice', reason: 'done' }, world.ports);
    for (const action of ['extension.approve', 'extension.deny']) await world.click(action, value);
    expect(world.slack.modals).toEqual([]);
    expect(told()).toEqual([1, 2].map(() => expect.stringContaining('The grant ended before your vote')));
  });

  it('on a button whose value was made up changes nothing', async () => {
    const { id, value } = await waiting();
    const extensionId = value.split('.')[1];
    const forged = [
      '',
      id,
      `${id}.`,
      `${id}.${other}`,
      `${other}.${extensionId}`,
      `${extensionId}.${id}`,
      `${value}.x`,
    ];
    for (const made of forged) {
      for (const action of ['extension.approve', 'extension.deny']) await world.click(action, made);
      expect((await deny(made)).json.response_action).toBe('update');
    }
    expect(world.slack.modals).toEqual([]);
    expect(new Set(told().map((words) => words.replace('request', 'extension').slice(0, 39)))).toEqual(
      new Set(['There is no extension that you can see.']),
    );
    expect(await extensionsOf(id)).toMatchObject([{ status: 'waiting', votes: [] }]);
  });
});
