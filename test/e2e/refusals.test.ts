import { DeleteRolePolicyCommand, GetRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { ask, ended, grant, mint, statusOf } from './people.ts';
import { clickBody, commandBody, send, signed, submissionBody } from './slack-person.ts';
import type { Ephemeral } from './slack-stand-in.ts';
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

const toldTo = (user: string): Promise<Ephemeral> =>
  until(`${user} to be told`, () => world.slack.ephemerals.find((told) => told.user === user));

const executionStatus = async (id: string): Promise<string | undefined> => {
  const executionArn = `arn:aws:states:us-east-1:111111111111:execution:access-request:${id}`;
  return (await world.profile('hub-admin').stepFunctions.send(new DescribeExecutionCommand({ executionArn }))).status;
};

describe('an answer', () => {
  it('to one’s own request is refused, to that person alone, and says who can', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'orders-admin 20s fixing INC-42');
    await world.click('U0ALICE', card, 'Approve');
    const told = await toldTo('U0ALICE');
    expect(told.text).toContain('You cannot vote on your own request.');
    expect(JSON.stringify(told)).toContain('Bob or Carol');
    expect(await statusOf(world, await world.login('U0ALICE'), id)).toBe('pending');
  });

  it('of somebody who is no approver is refused', async () => {
    const { card, id } = await ask(world, 'U0BOB', 'orders-admin 20s fixing INC-42');
    await world.click('U0ALICE', card, 'Approve');
    expect((await toldTo('U0ALICE')).text).toContain('You cannot vote on requests for orders-admin.');
    expect(await statusOf(world, await world.login('U0BOB'), id)).toBe('pending');
  });

  it('that denies asks for the reason, which the card and the requester then show', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'orders-admin 20s fixing INC-42');
    await world.click('U0BOB', card, 'Deny');
    const view = await until('the modal', () => world.slack.views[0]);
    const input = (view.blocks as { type: string; block_id: string; element: { action_id: string } }[]).find(
      (block) => block.type === 'input',
    );
    if (!input) throw new Error('The modal has no input.');
    const values = {
      [input.block_id]: { [input.element.action_id]: { type: 'plain_text_input', value: 'not on a Friday' } },
    };
    expect((await world.post(submissionBody('U0BOB', view, values))).status).toBe(200);
    await until('the card', () => JSON.stringify(card.blocks).includes('not on a Friday'));
    await until('the direct message', () =>
      world.slack.messages.find(
        (message) => message.channel === 'D0ALICE' && JSON.stringify(message).includes('not on a Friday'),
      ),
    );
    await until('the execution to end', async () => (await executionStatus(id)) === 'SUCCEEDED');
    expect(await statusOf(world, await world.login('U0ALICE'), id)).toBe('denied');
  });

  it('of two approvers at once gives one grant, and the second is told who was first', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await Promise.all([world.click('U0BOB', card, 'Approve'), world.click('U0CAROL', card, 'Approve')]);
    await until('a live grant', () => card.text.includes('Active'));
    const told = await until('the second to be told', () => world.slack.ephemerals[0]);
    expect(told.text).toMatch(
      /This request is no longer waiting: it is (approved|active) \((Bob|Carol) voted to approve\)\./,
    );
    expect(await statusOf(world, await world.login('U0ALICE'), id)).toBe('active');
    expect(world.slack.ephemerals).toHaveLength(1);
  });

  it('given twice by a double click is one vote, and the second click is told so', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'payments-admin 1h fixing INC-42');
    await Promise.all([world.click('U0BOB', card, 'Approve'), world.click('U0BOB', card, 'Approve')]);
    await until('one vote', () => JSON.stringify(card.blocks).includes('1 of 2'));
    expect((await toldTo('U0BOB')).text).toContain('You have already voted to approve this request.');
    await world.stack.idle();
    expect(JSON.stringify(card.blocks)).toContain('1 of 2');
    expect(await statusOf(world, await world.login('U0ALICE'), id)).toBe('pending');
  });

  it('that approves twice where one vote is enough is one grant, silently', async () => {
    const { card } = await ask(world, 'U0ALICE', 'orders-admin 1h fixing INC-42');
    await Promise.all([world.click('U0BOB', card, 'Approve'), world.click('U0BOB', card, 'Approve')]);
    await until('a live grant', () => card.text.includes('Active'));
    await world.stack.idle();
    expect(world.slack.ephemerals).toEqual([]);
  });

  it('of nobody lapses the request, and a later click changes nothing', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'orders-admin 20s fixing INC-42');
    const before = { ...card, blocks: card.blocks };
    await until('the wait', async () => (await executionStatus(id)) === 'RUNNING');
    await world.stack.idle();
    await world.clock.turn(24 * 3_600_000 + 1_000);
    await until('the card to say so', () => /lapsed/i.test(card.text));
    await world.post(clickBody('U0BOB', before, 'Approve'));
    expect((await toldTo('U0BOB')).text).toContain('it is lapsed');
    await until('the execution to end', async () => (await executionStatus(id)) === 'SUCCEEDED');
  });
});

describe('a request', () => {
  it('can be cancelled while it waits; twice is nothing, and the execution ends', async () => {
    const { card, id } = await ask(world, 'U0ALICE', 'orders-admin 20s fixing INC-42');
    expect((await world.command('U0ALICE', `cancel ${id}`)).status).toBe(200);
    expect((await world.command('U0ALICE', `cancel ${id}`)).status).toBe(200);
    await until('the card to say so', () => /cancelled/i.test(card.text));
    await until('the execution to end', async () => (await executionStatus(id)) === 'SUCCEEDED');
  });

  it('sent again with the same signature gets the same answer and is not a second request', async () => {
    const body = commandBody('U0ALICE', 'orders-admin 20s fixing INC-42');
    const headers = signed(body, world.clock.nowMs());
    const first = await send(world.stack.appUrl, body, headers);
    const [second, third] = await Promise.all([
      send(world.stack.appUrl, body, headers),
      send(world.stack.appUrl, body, headers),
    ]);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    await world.stack.idle();
    expect(world.cards('C0ACCESS')).toHaveLength(1);
  });

  it.each([
    ['a wrong signature', (body: string, nowMs: number) => signed(body, nowMs, 'somebody-elses-secret')],
    ['a timestamp of six minutes ago', (body: string, nowMs: number) => signed(body, nowMs - 360_000)],
    ['a timestamp six minutes ahead', (body: string, nowMs: number) => signed(body, nowMs + 360_000)],
    ['no signature', () => ({ 'content-type': 'application/x-www-form-urlencoded' })],
  ])('with %s is refused and leaves nothing behind', async (_, headersOf) => {
    const body = commandBody('U0ALICE', 'orders-admin 20s fixing INC-42');
    const answer = await send(world.stack.appUrl, body, headersOf(body, world.clock.nowMs()));
    expect(answer.status).toBe(401);
    await world.stack.idle();
    expect(world.slack.messages).toEqual([]);
  });

  it('survives Slack being out of order: the card appears when it is back', async () => {
    world.slack.failing.set('chat.postMessage', 2);
    expect((await world.command('U0ALICE', 'orders-read 1h looking at INC-42')).status).toBe(200);
    const alice = await world.login('U0ALICE');
    const listed = await world.api<{ mine: { id: string; status: string }[] }>(alice, 'GET', '/requests');
    expect(listed.body.mine).toHaveLength(1);
    await until('the card', async () => {
      await world.clock.turn(1_000);
      return world.cards('C0ACCESS')[0];
    });
    world.faults.length = 0;
  });
});

describe('the end of a grant', () => {
  it('needs nobody: the credentials stop at that instant, also where nothing can be revoked', async () => {
    provoked = /RoleUnavailable/;
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 60s fixing INC-42', 'U0BOB');
    const credentials = await mint(world, await world.login('U0ALICE'), id);
    const { iam } = world.profile('production-admin');
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'daypass-revoker', PolicyName: 'revoke' }));
    await world.stack.idle();
    await world.clock.turn(59_000);
    expect(await world.readOrder(credentials)).toBe('12345');
    await world.clock.turn(1_000);
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
  });
});

describe('revocation', () => {
  it('that IAM refuses is tried again, is shown as failed, and holds in the end', async () => {
    const { card, id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const credentials = await mint(world, alice, id);
    const { iam } = world.profile('production-admin');
    const revoker = { RoleName: 'daypass-revoker', PolicyName: 'revoke' };
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand(revoker));
    await iam.send(new DeleteRolePolicyCommand(revoker));

    await world.command('U0ALICE', 'done');
    await until('the failure to be visible', async () => {
      await world.clock.turn(30_000);
      return /could not be revoked/i.test(JSON.stringify(card.blocks));
    });
    expect(await statusOf(world, alice, id)).toBe('ending');
    const again = await world.api(alice, 'POST', `/requests/${id}/credentials`);
    expect(again.status).toBe(409);

    await iam.send(new PutRolePolicyCommand({ ...revoker, PolicyDocument: decodeURIComponent(PolicyDocument ?? '') }));
    await world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });
    await ended(world, alice, id);
    expect(await world.readOrder(credentials)).toBe('AccessDeniedException');
    expect(world.faults.some((fault) => fault.includes('RoleUnavailable'))).toBe(true);
    world.faults.length = 0;
  });
});
