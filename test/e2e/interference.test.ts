import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { run as revocations } from '#cli/commands/revocations.ts';
import { until } from '#test/kit/until.ts';
import type { Credentials } from './actors.ts';
import { alertNaming } from './intruder.ts';
import { ended, grant, mint } from './people.ts';
import { openWorld, type World } from './world.ts';

const deny = { RoleName: 'daypass-jit-orders-admin', PolicyName: 'AWSRevokeOlderSessions' };

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await world.close();
  expect(world.faults).toEqual([]);
});

const iam = () => world.profile('production-admin').iam;
const denyNow = async (): Promise<string> =>
  decodeURIComponent((await iam().send(new GetRolePolicyCommand(deny))).PolicyDocument ?? '');
const sweep = (): Promise<unknown> => world.stack.invoke('sweep', { 'detail-type': 'Scheduled Event', detail: {} });

/** Alice was done; her credentials are dead and would live for an hour. Bob goes on. */
const oneDeadOneLive = async (): Promise<{ dead: Credentials; live: Credentials }> => {
  const first = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-42', 'U0BOB');
  const second = await grant(world, 'U0BOB', 'orders-admin 2h fixing INC-43', 'U0CAROL');
  const alice = await world.login('U0ALICE');
  const dead = await mint(world, alice, first.id);
  const live = await mint(world, await world.login('U0BOB'), second.id);
  await world.command('U0ALICE', `done ${first.id}`);
  await ended(world, alice, first.id);
  await world.stack.idle();
  expect(await world.readOrder(dead)).toBe('AccessDeniedException');
  return { dead, live };
};

const isDead = (credentials: Credentials): Promise<boolean> =>
  until('the deny to be back', async () => (await world.readOrder(credentials)) === 'AccessDeniedException');

const alertsOf = async (deeds: number): Promise<void> => {
  await alertNaming(world, 'AWSRevokeOlderSessions');
  await world.stack.idle();
  await sweep();
  await world.stack.idle();
  expect(world.cards('C0SECURITY')).toHaveLength(deeds);
};
const oneAlert = (): Promise<void> => alertsOf(1);

describe('case 58: an administrator of the account', () => {
  it('who deletes the deny has it back at once, without anybody’s help, and there is one alert', async () => {
    const { dead, live } = await oneDeadOneLive();
    await iam().send(new DeleteRolePolicyCommand(deny));
    await isDead(dead);
    expect(await world.readOrder(live)).toBe('12345');
    await oneAlert();
  });

  it('who edits the deny has it back at once, and there is one alert', async () => {
    const { dead } = await oneDeadOneLive();
    const edited = (await denyNow()).replace(/"01[0-9A-Z]{24}"/, '"01JD8Q00000000000000000XXX"');
    expect(edited).toContain('01JD8Q00000000000000000XXX');
    await iam().send(new PutRolePolicyCommand({ ...deny, PolicyDocument: edited }));
    await isDead(dead);
    expect(await denyNow()).not.toContain('01JD8Q00000000000000000XXX');
    await oneAlert();
  });

  it('who edits the deny in a call that is too large for CloudTrail to say which role it was has it back at once', async () => {
    const { dead, live } = await oneDeadOneLive();
    const edited = (await denyNow()).replace(/"01[0-9A-Z]{24}"/, '"01JD8Q00000000000000000XXX"');
    await iam().send(new PutRolePolicyCommand({ ...deny, PolicyDocument: `${edited}${' '.repeat(110_000)}` }));
    await isDead(dead);
    expect(await world.readOrder(live)).toBe('12345');
    await alertNaming(world, 'AWSRevokeOlderSessions');
    await world.stack.idle();
  });

  it('who deletes the deny has it back with what waited there for a writer that died', async () => {
    const { dead, live } = await oneDeadOneLive();
    const client = DynamoDBDocumentClient.from(world.profile('hub-admin').dynamoDb);
    const ledgers = createLedgerStore({ client, name: 'daypass' }, world.clock);
    const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
    const [revokedAt = '', coversUntil = ''] = [0, 3_600_000].map((later) =>
      new Date(world.clock.nowMs() + later).toISOString(),
    );
    const waiting = { grantId: '01JD8Q00000000000000000XXX', revokedAt, coversUntil };
    await ledgers.propose(roleArn, waiting);
    await iam().send(new DeleteRolePolicyCommand(deny));
    await isDead(dead);
    expect(await denyNow()).toContain('01JD8Q00000000000000000XXX');
    expect(await world.readOrder(live)).toBe('12345');
    await until('nothing to wait', async () => !(await ledgers.isProposed(roleArn, waiting)));
    await world.stack.idle();
  });

  it('who revokes the whole role as the console does keeps his later time beside the denials of Daypass', async () => {
    const { dead, live } = await oneDeadOneLive();
    const before = new Date(world.clock.nowMs() + 3_600_000).toISOString();
    const Statement = [
      { Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { DateLessThan: { 'aws:TokenIssueTime': before } } },
    ];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam().send(new PutRolePolicyCommand({ ...deny, PolicyDocument }));
    await until('both denials', async () => (await denyNow()).includes('DaypassGrants'));
    expect(JSON.parse(await denyNow()).Statement).toContainEqual(Statement[0]);
    expect(await world.readOrder(dead)).toBe('AccessDeniedException');
    expect(await world.readOrder(live)).toBe('AccessDeniedException');
    await oneAlert();
  });

  it('who revokes the whole role and whose statement is then lost has it back', async () => {
    const { dead, live } = await oneDeadOneLive();
    const issuedBefore = new Date(world.clock.nowMs() + 30_000).toISOString();
    const Condition = { DateLessThan: { 'aws:TokenIssueTime': issuedBefore } };
    const Statement = [{ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    const ours = await denyNow();
    await iam().send(new PutRolePolicyCommand({ ...deny, PolicyDocument }));
    await until('both denials', async () => (await denyNow()).includes('DaypassGrants'));
    await world.stack.idle();
    // As a write of ours does that had read the role before.
    await iam().send(new PutRolePolicyCommand({ ...deny, PolicyDocument: ours }));
    await until('the role-wide denial', async () => (await denyNow()).includes(issuedBefore));
    expect(await world.readOrder(dead)).toBe('AccessDeniedException');
    expect(await world.readOrder(live)).toBe('AccessDeniedException');
    // Each writing put something else there.
    await alertsOf(2);
  });
});

describe('daypass revocations', () => {
  it('prints the ledger, the document and what lives, and says whether it is in force', async () => {
    await oneDeadOneLive();
    const printed: string[] = [];
    const codes: number[] = [];
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '');
    const context = {
      env: {},
      clock: world.clock,
      api: undefined,
      self: [],
      interactive: false,
      colour: false,
      signal: new AbortController().signal,
      print: (line: string) => void printed.push(line),
      say: () => undefined,
    };
    const look = (json: boolean) =>
      revocations({ ...context, json }, deny.RoleName, { local: world.dataFolder }, (code) => void codes.push(code));
    await look(true);
    const { data } = JSON.parse(printed.join('')) as { data: { inForce: boolean; live: object[]; ledger: object } };
    expect(data).toMatchObject({ inForce: true, waiting: [], live: [{ personId: 'bob', sessions: [{}] }] });
    expect(data.ledger).toMatchObject({ entries: [{ grantId: expect.any(String) }] });
    printed.length = 0;
    await look(false);
    expect(printed.join('\n')).toMatch(/What is revoked is denied/);
    expect(printed.join('\n')).toMatch(/DaypassGrants/);
    expect(codes).toEqual([]);
    vi.unstubAllEnvs();
  });
});

describe('case 44: an execution that is stopped', () => {
  it('in the middle of a grant ends that grant at once, and the others on the role are as they were', async () => {
    const { dead, live } = await oneDeadOneLive();
    const { id } = await grant(world, 'U0ALICE', 'orders-admin 1h fixing INC-44', 'U0BOB');
    const alice = await world.login('U0ALICE');
    const third = await mint(world, alice, id);
    const executionArn = `arn:aws:states:us-east-1:111111111111:execution:access-request:${id}`;
    await world.profile('hub-admin').stepFunctions.send(new StopExecutionCommand({ executionArn }));
    await ended(world, alice, id);
    expect(await world.readOrder(third)).toBe('AccessDeniedException');
    expect(await world.readOrder(dead)).toBe('AccessDeniedException');
    expect(await world.readOrder(live)).toBe('12345');
  });
});

describe('case 56: a role whose other policies leave little room', () => {
  /** Leaves so many characters to the deny, beside what the role may do. */
  const leave = async (room: number): Promise<void> => {
    const { RoleName } = deny;
    const { PolicyNames = [] } = await iam().send(new ListRolePoliciesCommand({ RoleName }));
    const others = await Promise.all(
      PolicyNames.map((PolicyName) => iam().send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
    );
    const taken = others.reduce((sum, other) => sum + decodeURIComponent(other.PolicyDocument ?? '').length, 0);
    const filling = (padding: number) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: `arn:aws:s3:::${'x'.repeat(padding)}` }],
      });
    const PolicyDocument = filling(10_240 - room - taken - filling(0).length);
    await iam().send(new PutRolePolicyCommand({ RoleName, PolicyName: 'filling', PolicyDocument }));
  };

  const endOne = async (userId: string, approver: string, reason: string): Promise<void> => {
    const { id } = await grant(world, userId, `orders-admin 1h fixing ${reason}`, approver);
    const token = await world.login(userId);
    await mint(world, token, id);
    await world.command(userId, `done ${id}`);
    await ended(world, token, id);
  };

  it('denies by name whoever filled it, and nobody else’s live grant loses its credentials', async () => {
    await leave(420);
    const { dead, live } = await oneDeadOneLive();
    for (let more = 0; more < 16 && !(await denyNow()).includes('aws:SourceIdentity'); more++) {
      await endOne('U0ALICE', 'U0CAROL', `INC-5${more}`);
    }
    expect(await denyNow()).toMatch(/"aws:SourceIdentity":"alice"/);
    expect(await denyNow()).not.toContain('DaypassEverySession');
    expect(await world.readOrder(dead)).toBe('AccessDeniedException');
    expect(await world.readOrder(live)).toBe('12345');
  });

  it('runs over into a watermark where names do not fit either: the live grant is told, and mints again', async () => {
    await leave(300);
    const { dead, live } = await oneDeadOneLive();
    await endOne('U0ALICE', 'U0CAROL', 'INC-50');
    await endOne('U0CAROL', 'U0BOB', 'INC-51');
    expect(await denyNow()).toContain('DaypassEverySession');
    expect(await world.readOrder(dead)).toBe('AccessDeniedException');
    expect(await world.readOrder(live)).toBe('AccessDeniedException');
    const bob = await world.login('U0BOB');
    await until('Bob to be told', () =>
      world.slack.messages.find(
        (message) => message.channel === 'D0BOB' && /your grant goes on/.test(JSON.stringify(message.blocks)),
      ),
    );
    await world.clock.turn(31_000);
    const listed = await world.api<{ mine: { id: string; status: string }[] }>(bob, 'GET', '/requests');
    const { id = '' } = listed.body.mine.find(({ status }) => status === 'active') ?? {};
    expect(await world.readOrder(await mint(world, bob, id))).toBe('12345');
  });
});
