import { DeleteRolePolicyCommand, GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLockdownStore } from '#adapters/aws/lockdown-store.ts';
import { begun } from '#core/lockdown/change.ts';
import { sign } from '#local/workspace/ingress.ts';
import { run } from '#test/cli/cli.ts';
import { until } from '#test/kit/until.ts';
import { historyOf } from './extensions.ts';
import { confirm, finished, lockdowns } from './lockdown-world.ts';
import { ask, ended, grant, mint, statusOf } from './people.ts';
import { signingSecret } from './slack-person.ts';
import { openWorld, type World } from './world.ts';

let world: World;
/** Errors that a test provokes on purpose. */
let provoked: RegExp | undefined;
beforeEach(async () => {
  world = await openWorld();
  provoked = undefined;
});
afterEach(async () => {
  await world.close();
  expect(world.faults.filter((fault) => !provoked?.test(fault))).toEqual([]);
});

const threadOf = (what: string): string[] => {
  const card = world.cards('C0SECURITY').find(({ text }) => text.includes(what));
  return world.slack.messages.flatMap(({ threadTs, text }) => (card && threadTs === card.ts ? [text] : []));
};

describe('a lockdown of a person', () => {
  it('ends what there is, refuses what would begin in words that say by whom and how it ends, and is lifted by people', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const waiting = await ask(world, 'U0ALICE', 'payments-admin 1h paying back INC-42');
    const other = await grant(world, 'U0CAROL', 'orders-admin 1h watching INC-42', 'U0BOB');
    const [alice, carol] = [await world.login('U0ALICE'), await world.login('U0CAROL')];
    const [mine, theirs] = [await mint(world, alice, id), await mint(world, carol, other.id)];

    const { view, submit } = await confirm(world, 'U0BOB', 'lockdown person alice', 'laptop stolen');
    expect(view).toContain('*1 grant* with *1 live session* and closes *1 request*');
    await submit();
    const lockdown = await finished(world, carol);
    expect(lockdown.tally).toMatchObject({ grants: 1, verified: 1, closed: 1, failed: [] });
    expect(await world.readOrder(mine)).toBe('AccessDeniedException');
    expect(await world.readOrder(theirs)).toBe('12345');
    expect(await statusOf(world, alice, waiting.id)).toBe('refused');
    const lastOf = async (requestId: string) => (await historyOf(world, requestId)).at(-1)?.type;
    await until('the end of its execution', async () => (await lastOf(waiting.id)) === 'ExecutionSucceeded');

    const words = 'You are locked down, by Bob since';
    expect((await world.command('U0ALICE', 'orders-read 30m looking at INC-42')).text).toContain(words);
    const refused = await world.api<{ error: { code: string; message: string; next: string } }>(
      alice,
      'POST',
      `/requests/${id}/credentials`,
    );
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'locked-down' } } });
    expect(refused.body.error.message).toContain(words);
    expect(refused.body.error.next).toContain('POST /v1/lockdowns/lift with kind person, name alice');
    expect((await world.command('U0ALICE', 'lockdown')).text).toContain('laptop stolen');

    await confirm(world, 'U0CAROL', 'lockdown lift person alice', 'a new laptop');
    await until('the thread to say it all', () => threadOf('Lockdown of Alice').some((text) => /Lifted/.test(text)));
    expect(threadOf('Lockdown of Alice').filter((text) => text.includes('Done: 1 of 1 grant verified'))).toHaveLength(
      1,
    );
    const again = await grant(world, 'U0ALICE', 'orders-read 30m looking at INC-42');
    // Whoever has the stolen laptop has this token.
    expect((await world.api(alice, 'POST', `/requests/${again.id}/credentials`)).status).toBe(401);
    await mint(world, await world.login('U0ALICE'), again.id);
  });

  it('closes a request that is being approved at the same time, whichever comes first', async () => {
    provoked = /RequestClosed/;
    const alice = await world.login('U0ALICE');
    const { card, id } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await Promise.all([
      confirm(world, 'U0CAROL', 'lockdown person alice', 'laptop stolen'),
      world.click('U0BOB', card, 'Approve'),
    ]);
    const carol = await world.login('U0CAROL');
    await finished(world, carol);
    await until('its end', async () => ['refused', 'ended'].includes((await statusOf(world, alice, id)) ?? ''));
    expect([403, 409]).toContain((await world.api(alice, 'POST', `/requests/${id}/credentials`)).status);
  });

  it('takes their approval away: the other lead’s alone opens nothing, and the card asks for a fresh vote', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'payments-admin 1h paying back INC-42');
    const other = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const [alice, carol] = [await world.login('U0ALICE'), await world.login('U0CAROL')];
    await mint(world, alice, other.id);
    await world.click('U0BOB', card, 'Approve');
    await until('the first vote', () => JSON.stringify(card.blocks).includes('1 of 2 approved (<@U0BOB>)'));

    await confirm(world, 'U0CAROL', 'lockdown person bob', 'laptop stolen');
    await world.click('U0CAROL', card, 'Approve');
    const shown = (message: typeof card) => JSON.stringify(message.blocks);
    const gone = 'What <@U0BOB> approved no longer counts, because of a lockdown: a fresh vote is needed';
    await until('the vote to be struck', () => shown(card).includes('1 of 2 approved (<@U0CAROL>)'));
    expect(shown(card)).toContain(gone);
    expect(await statusOf(world, alice, id)).toBe('pending');

    await until('the live card to say so', () => shown(other.card).includes('No more credentials are handed out'));
    expect(shown(other.card)).toContain(gone);
    const refused = await world.api<{ error: { code: string; message: string } }>(
      alice,
      'POST',
      `/requests/${other.id}/credentials`,
    );
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'locked-down' } } });
    expect(refused.body.error.message).toContain('orders-admin needs a fresh vote: what Bob approved no longer counts');
    await world.click('U0CAROL', other.card, 'Approve');
    await until('the fresh vote', () => !shown(other.card).includes('No more credentials'));
    await mint(world, alice, other.id);
    await finished(world, carol);
  });

  it('is lifted with the hub’s AWS credentials where nobody else could, which alerts', async () => {
    const carol = await world.login('U0CAROL');
    await confirm(world, 'U0CAROL', 'lockdown person bob', 'laptop stolen');
    await confirm(world, 'U0CAROL', 'lockdown person carol', 'hers as well');
    expect((await world.command('U0CAROL', 'lockdown lift person carol')).text).toContain('You are locked down');
    const order = ['lift-lockdown', 'person', 'bob', '--reason', 'nobody else is left'];
    const { code, stdout, stderr } = await run([...order, '--local', world.stack.dataFolder]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('The lockdown of Bob is lifted, in the name of arn:aws:iam::111111111111:user/hub-admin.');
    await until('the alert', () => world.cards('C0SECURITY').some(({ text }) => text.includes('lifted with AWS')));
    expect((await lockdowns(world, carol)).map(({ subject }) => subject)).toEqual(['person carol']);
    await confirm(world, 'U0BOB', 'lockdown lift person carol', 'a new laptop');
    expect((await run([...order, '--local', world.stack.dataFolder])).code).toBe(5);
  });

  it('comes by itself where Slack says that they were deactivated: their session is dead', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const [alice, bob] = [await world.login('U0ALICE'), await world.login('U0BOB')];
    const mine = await mint(world, alice, id);
    const atSec = Math.floor(world.clock.nowMs() / 1000);
    const user = { id: 'U0ALICE', team_id: 'T0DAYPASS', deleted: true };
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: 'T0DAYPASS',
      event: { type: 'user_change', user },
      event_id: 'Ev0GONE',
      event_time: atSec,
    });
    const answer = await fetch(`${world.stack.appUrl}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': String(atSec),
        'x-slack-signature': sign(signingSecret, atSec, body),
      },
      body,
    });
    expect(answer.status).toBe(200);
    expect((await finished(world, bob)).begunBy).toEqual({ id: 'daypass', name: 'daypass' });
    expect(await world.readOrder(mine)).toBe('AccessDeniedException');
    expect((await world.api(alice, 'POST', '/requests', { entitlement: 'orders-read', reason: 'INC-42' })).status).toBe(
      403,
    );
  });

  it('is not for everybody, and a name that is not there is answered with the one that was meant', async () => {
    expect((await world.command('U0ALICE', 'lockdown person bob')).text).toContain('You cannot lock anything down');
    expect((await world.command('U0BOB', 'lockdown person alise')).text).toContain('Did you mean alice?');
    expect((await world.command('U0BOB', 'lockdown lift person alice')).text).toContain('Alice is not locked down.');
    const bob = await world.login('U0BOB');
    const { status, body } = await world.api(bob, 'POST', '/lockdowns', { kind: 'role', name: 'orders-admni' });
    expect({ status, body: JSON.stringify(body) }).toMatchObject({ status: 404 });
    expect(world.slack.views).toEqual([]);
  });
});

describe('a lockdown of a role', () => {
  it('denies every session of it from before, is asked for over the API, and is lifted there', async () => {
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const [alice, bob] = [await world.login('U0ALICE'), await world.login('U0BOB')];
    const mine = await mint(world, alice, id);
    const order = { kind: 'role', name: 'production/daypass-jit-orders-admin' };
    const preview = await world.api(bob, 'POST', '/lockdowns', order);
    expect(preview.body).toMatchObject({ grants: 1, sessions: 1, waiting: 0, people: [{ id: 'alice' }] });
    expect(await lockdowns(world, bob)).toEqual([]);

    const begun = await world.api(bob, 'POST', '/lockdowns', { ...order, reason: 'INC-42', confirm: true });
    expect(begun.status).toBe(201);
    const { tally } = await finished(world, bob);
    expect(tally).toMatchObject({ grants: 1, verified: 1, roles: { verified: 1, all: 1 } });
    expect(await world.readOrder(mine)).toBe('AccessDeniedException');
    const { PolicyDocument } = await world
      .profile('production-admin')
      .iam.send(
        new GetRolePolicyCommand({ RoleName: 'daypass-jit-orders-admin', PolicyName: 'AWSRevokeOlderSessions' }),
      );
    expect(decodeURIComponent(PolicyDocument ?? '')).toContain('DaypassEverySession');
    expect((await world.command('U0CAROL', 'orders-admin 30m fixing INC-42')).text).toContain(
      'The role daypass-jit-orders-admin in production is locked down, by Bob',
    );
    const lifted = await world.api(bob, 'POST', '/lockdowns/lift', { ...order, reason: 'over' });
    expect(lifted).toMatchObject({ status: 200, body: { status: 'lifted' } });
    expect(await lockdowns(world, bob)).toEqual([]);
  });
});

describe('where a deny cannot be written', () => {
  const revoker = { RoleName: 'daypass-revoker', PolicyName: 'out-of-order' };
  const outOfOrder = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: 'iam:PutRolePolicy', Resource: '*' }],
  };

  it('the lockdown stays visibly failed with the grant named, ends the others, and the sweeper finishes it', async () => {
    provoked = /deny policy of \S+daypass-jit-orders-admin could not be written\..*AccessDenied.*iam:PutRolePolicy/;
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const unused = await grant(world, 'U0ALICE', 'orders-read 1h looking at INC-42');
    const [alice, bob] = [await world.login('U0ALICE'), await world.login('U0BOB')];
    const mine = await mint(world, alice, id);
    const { iam } = world.profile('production-admin');
    await iam.send(new PutRolePolicyCommand({ ...revoker, PolicyDocument: JSON.stringify(outOfOrder) }));
    await confirm(world, 'U0BOB', 'lockdown person alice', 'laptop stolen');
    const failing = await until('the failure to show', async () => {
      await world.clock.turn(5_000);
      const [lockdown] = await lockdowns(world, bob);
      return lockdown?.tally?.failed.length === 1 && lockdown.tally.finishedAt !== undefined ? lockdown : undefined;
    });
    expect(failing.tally).toMatchObject({ grants: 2, verified: 1, failed: [id] });
    await until('the card to name it', () => JSON.stringify(world.cards('C0SECURITY')).includes(id));
    expect(world.faults).toContainEqual(expect.stringMatching(/^revoke-locked: .*RoleUnavailable/));
    await ended(world, alice, unused.id);

    // What the end of its execution has set off has failed as well.
    await world.stack.idle();
    await iam.send(new DeleteRolePolicyCommand(revoker));
    await until('the sweeper to finish it', async () => {
      await world.clock.turn(60_000);
      await world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });
      const [lockdown] = await lockdowns(world, bob);
      return lockdown?.tally?.verified === 2 && lockdown.tally.failed.length === 0;
    });
    expect(await world.readOrder(mine)).toBe('AccessDeniedException');
  });
});

it('a lockdown that was saved and never started is started by the sweeper', async () => {
  const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
  const bob = await world.login('U0BOB');
  const client = DynamoDBDocumentClient.from(world.profile('hub-admin').dynamoDb);
  const store = createLockdownStore({ client, name: 'daypass' });
  const at = new Date(world.clock.nowMs()).toISOString();
  const order = { id: '01JD8Q00000000000000000000', scope: { kind: 'account', accountId: '222222222222' } as const };
  const change = begun({ ...order, reason: 'INC-42', at, by: 'bob' }, {});
  await store.save({ ...change, events: [] }, await store.register());
  await world.clock.turn(61_000);
  await world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });
  const { tally } = await finished(world, bob);
  expect(tally).toMatchObject({ grants: 1, verified: 1, roles: { verified: 3, all: 3 } });
  expect(await statusOf(world, await world.login('U0ALICE'), id)).toBe('ended');
});
