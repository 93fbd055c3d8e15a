import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyRing } from '#local/aws/iam/keys.ts';
import { type TurnableClock, turnableClock } from '#local/clock.ts';
import { type Stack, startStack } from '#local/stack.ts';
import { recordedAtMs, unpackRecordedData } from '#test/fixtures/recorded-data/unpack.ts';
import { until } from '#test/kit/until.ts';
import { type Actors, actorsOn, type Credentials } from './actors.ts';
import { ended, mint, statusOf } from './people.ts';
import { signingSecret } from './slack-person.ts';
import { type Block, type Message, type SlackStandIn, startSlackStandIn } from './slack-stand-in.ts';

/** Everything that version 0.1.0 left open in `test/fixtures/recorded-data` is finished by the present code. */

const ids = {
  pending: '01M81B5H808SS52SK4H5XM6EKG',
  live: '01M81B5H80BP1H113CWJ9HB58T',
  carols: '01M81B96E05PYQWE9KC12ESARM',
};
const keys = { live: 'ASIARECORDED00000011', carols: 'ASIARECORDED00000013' };

let dataFolder: string;
let clock: TurnableClock;
let stack: Stack;
let people: Actors;
/** Unused by the stack, which goes on with the workspace that it had. */
let slack: SlackStandIn;
const faults: string[] = [];

beforeEach(async () => {
  dataFolder = unpackRecordedData();
  // A little later, when the lease has run out that another writer held.
  clock = turnableClock(recordedAtMs + 20_000);
  stack = await startStack({
    port: 0,
    awsPort: 0,
    policyPath: 'access.yaml',
    dataFolder,
    clock,
    signingSecret,
    log: (name) => ({
      info: () => undefined,
      warn: () => undefined,
      error: (message, facts) => void faults.push(`${name}: ${message} ${JSON.stringify(facts)}`),
    }),
  });
  slack = await startSlackStandIn();
  people = actorsOn({ ...stack, nowMs: clock.nowMs, slack });
});
afterEach(async () => {
  await stack.stop();
  await slack.stop();
  rmSync(dataFolder, { recursive: true, force: true });
  expect(faults.splice(0)).toEqual([]);
});

/** A message of the workspace, the newest that says this, as its own database keeps it. */
const messageIn = (channel: string, what: string): Message | undefined => {
  const db = new DatabaseSync(join(dataFolder, 'workspace.db'), { readOnly: true });
  const rows = db.prepare('SELECT ts, text, blocks FROM workspace_messages WHERE conversation = ? ORDER BY ts DESC');
  const found = rows.all(channel).find((row) => `${row.text} ${row.blocks}`.includes(what));
  db.close();
  if (!found) return undefined;
  const blocks = JSON.parse(String(found.blocks ?? '[]')) as Block[];
  return { channel, ts: String(found.ts), text: String(found.text), blocks };
};

const press = async (userId: string, channel: string, what: string, label: string): Promise<void> => {
  const message = await until(`the message about ${what}`, () => messageIn(channel, what));
  expect((await people.click(userId, message, label)).status).toBe(200);
};

/** Of a session that was handed out before: its secret is derived from the folder's master key, which is a new one. */
const credentialsOf = (accessKeyId: string): Credentials => {
  const ring = keyRing(Buffer.from(readFileSync(join(dataFolder, 'aws', 'master.key'), 'utf8'), 'hex'));
  const secretAccessKey = ring.secretOf(accessKeyId);
  return { accessKeyId, secretAccessKey, sessionToken: ring.tokenOf(accessKeyId) };
};

const denyOf = async (RoleName: string): Promise<string> => {
  const { iam } = people.profile('production-admin');
  const { PolicyDocument } = await iam.send(
    new GetRolePolicyCommand({ RoleName, PolicyName: 'AWSRevokeOlderSessions' }),
  );
  return decodeURIComponent(PolicyDocument ?? '');
};

const running = async (): Promise<string[]> => {
  const { stepFunctions } = people.profile('hub-admin');
  const machines = ['access-request', 'alert-response', 'lockdown'].map(async (machine) => {
    const stateMachineArn = `arn:aws:states:us-east-1:111111111111:stateMachine:${machine}`;
    const listed = await stepFunctions.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }));
    return (listed.executions ?? []).map(({ name }) => `${machine} ${name}`);
  });
  return (await Promise.all(machines)).flat();
};

it('what version 0.1.0 left open is finished: a lockdown, a pending request, a live grant, and alerts', async () => {
  const left = await running();
  expect(left.map((execution) => execution.split(' ')[0])).toEqual([
    ...['access-request', 'access-request', 'access-request', 'alert-response', 'alert-response', 'lockdown'],
  ]);

  // The live grant goes on: its old session works.
  expect(await people.readOrder(credentialsOf(keys.live))).toBe('12345');

  // The lockdown goes on and is over.
  await until('Carol’s session to be denied', async () => {
    await clock.turn(1_000);
    return (await people.readOrder(credentialsOf(keys.carols))) === 'AccessDeniedException';
  });
  expect(await denyOf('daypass-jit-orders-read')).toContain(ids.carols);
  // That it was used is seen: which grant it was minted under is found in what the older version had written.
  // CloudTrail tells whole seconds, so a use in the second of the end is not told from one before it.
  await until('an alert', async () => {
    await clock.turn(1_000);
    await people.readOrder(credentialsOf(keys.carols));
    return messageIn('C0SECURITY', 'A session of daypass-jit-orders-read (222222222222) that had ended');
  });
  const bob = await people.login('U0BOB');
  await until('the lockdown to be verified', async () => {
    await clock.turn(1_000);
    return messageIn('C0SECURITY', '1 of 1 grant verified');
  });
  const lifted = await people.api(bob, 'POST', '/lockdowns/lift', {
    kind: 'person',
    name: 'carol',
    reason: 'it was found',
  });
  expect(lifted.status).toBe(200);
  expect(await statusOf(people, await people.login('U0CAROL'), ids.carols)).toBe('ended');

  // The pending request has Bob's vote still: Carol's is the second of two.
  const alice = await people.login('U0ALICE');
  expect(await statusOf(people, alice, ids.pending)).toBe('pending');
  await press('U0CAROL', 'C0ACCESS', ids.pending, 'Approve');
  await until('the grant', async () => (await statusOf(people, alice, ids.pending)) === 'active');
  await mint(people, alice, ids.pending);
  await people.command('U0ALICE', `done ${ids.pending}`);
  await ended(people, alice, ids.pending);
  expect(await denyOf('daypass-jit-payments-admin')).toContain(ids.pending);

  // The extension that waited moves the end of the live grant: an hour, 30 minutes, and 20.
  await press('U0CAROL', 'C0ACCESS', 'still at it', 'Approve');
  type Shown = { grant?: { endsAt: string } };
  const read = async () => (await people.api<Shown>(alice, 'GET', `/requests/${ids.live}`)).body;
  await until('the later end', async () => (await read()).grant?.endsAt === '2026-11-22T11:50:00.000Z');
  expect(await people.readOrder(await mint(people, alice, ids.live))).toBe('12345');
  await people.command('U0ALICE', `done ${ids.live}`);
  await ended(people, alice, ids.live);
  expect(await people.readOrder(credentialsOf(keys.live))).toBe('AccessDeniedException');

  // Both alerts are answered with their buttons, and what they were about is denied.
  await press('U0BOB', 'C0SECURITY', 'The trust policy', 'Revoke');
  await press('U0BOB', 'C0SECURITY', 'was assumed by', 'Revoke');
  await until('the end of all that was running', async () => {
    const still = await running();
    return !left.some((execution) => still.includes(execution));
  });
  expect(await denyOf('daypass-jit-payments-admin')).toContain(':behind-its-back');
  await stack.idle();
});
