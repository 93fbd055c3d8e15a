import { expect, it } from 'vitest';
import { lastOf, startWorkspace } from '../running-workspace.ts';

const typed = { as: 'carol', channel: 'C0ACCESS' };

it('somebody who is deactivated acts no more, is told so to the app, and comes back', async () => {
  await using workspace = await startWorkspace();
  expect(await workspace.act('say', { ...typed, text: '/deactivate bob' })).toEqual({ ok: true });
  const { payload, headers } = lastOf(workspace.received);
  expect(headers['content-type']).toBe('application/json');
  expect(payload).toMatchObject({
    type: 'event_callback',
    team_id: 'T0DAYPASS',
    event_id: expect.stringMatching(/^Ev[0-9A-F]{16}$/),
    event_time: 1_795_341_600,
    event: { type: 'user_change', user: { id: 'U0BOB', team_id: 'T0DAYPASS', deleted: true, is_restricted: false } },
  });
  expect((await workspace.client.users.info({ user: 'U0BOB' })).user?.deleted).toBe(true);
  expect(await workspace.act('say', { as: 'bob', channel: 'C0ACCESS', text: 'hello' })).toEqual({
    ok: false,
    say: 'Bob is deactivated in this Slack. Act as somebody else; /reactivate brings them back.',
  });
  await workspace.act('say', { ...typed, text: '/reactivate bob' });
  expect(lastOf(workspace.received).payload).toMatchObject({ event: { user: { id: 'U0BOB', deleted: false } } });
  expect(await workspace.act('say', { as: 'bob', channel: 'C0ACCESS', text: 'hello' })).toEqual({ ok: true });
});

it('nobody is deactivated by a name that there is not, and an app that takes no event is told of', async () => {
  await using workspace = await startWorkspace();
  const saidTo = async (text: string): Promise<string> => {
    await workspace.act('say', { ...typed, text });
    return (await workspace.seenBy('carol', 'C0ACCESS')).messages.at(-1)?.text ?? '';
  };
  expect(await saidTo('/deactivate mallory')).toBe('There is nobody called that here. Try `/deactivate alice`.');
  expect(workspace.received).toEqual([]);
  workspace.answerWith(() => ({ status: 500 }));
  expect(await saidTo('/deactivate bob')).toContain('The app did not take that event (dispatch_failed)');
});
