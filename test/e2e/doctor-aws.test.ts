import { CloudTrailClient, StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { DisableRuleCommand, EnableRuleCommand, EventBridgeClient, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { createRequestStore } from '#adapters/aws/request-store.ts';
import { openTable } from '#adapters/aws/table.ts';
import { denyDocument } from '#core/ledger/document.ts';
import { withEntries } from '#core/ledger/ledger.ts';
import { decide } from '#core/policy/decide.ts';
import { submit } from '#core/request/submit.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { ailing, type DoctorWorld, named, openDoctorWorld } from './doctor-world.ts';

const role = 'daypass-jit-orders-admin';
const roleArn = `arn:aws:iam::222222222222:role/${role}`;
const boundaryArn = 'arn:aws:iam::222222222222:policy/daypass-boundary';

let iam: IAMClient;
let trails: CloudTrailClient;
let hubEvents: EventBridgeClient;
let productionEvents: EventBridgeClient;
let world: DoctorWorld;
beforeAll(async () => {
  world = await openDoctorWorld();
  iam = new IAMClient(world.as('production'));
  trails = new CloudTrailClient(world.as('production'));
  hubEvents = new EventBridgeClient(world.as('hub'));
  productionEvents = new EventBridgeClient(world.as('production'));
});
afterAll(async () => {
  for (const client of [iam, trails, hubEvents, productionEvents]) client.destroy();
  await world.close();
});

const finds: DoctorWorld['finds'] = (...given) => world.finds(...given);
const isWell: DoctorWorld['isWell'] = () => world.isWell();

/** Does what a remedy of the form `aws events put-rule …` says. */
const putRule = (client: EventBridgeClient, remedy: string) => {
  const [, Name, EventBusName, State, EventPattern] =
    /^aws events put-rule --name (\S+) --event-bus-name (\S+) --state (\S+) --event-pattern '(.+)'$/.exec(remedy) ?? [];
  return client.send(new PutRuleCommand({ Name, EventBusName, State: State as 'ENABLED', EventPattern }));
};

const trustOf = async (RoleName: string): Promise<string> => {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
};
const setTrust = (RoleName: string, PolicyDocument: string) =>
  iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
const putInline = (RoleName: string, PolicyName: string, resource: string, action = 's3:GetObject') =>
  iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
      }),
    }),
  );

describe('the doctor’s canary', () => {
  it('is taken in every target account and seen by the detector', async () => {
    const lines = await world.doctor({ options: { canary: true } });
    expect(ailing(lines).map(named)).toEqual([]);
    const canaries = lines.filter(({ title }) => title.endsWith('canary'));
    expect(canaries.map(named)).toEqual(['ok: trail, production canary', 'ok: trail, partner canary']);
    for (const { found } of canaries) expect(found).toMatch(/reached the detector after \d+ s/);
  });
});

describe('the doctor finds, of rules and trails,', () => {
  it('a rule that was disabled', async () => {
    await hubEvents.send(new DisableRuleCommand({ Name: 'daypass-role-assumed' }));
    await putRule(hubEvents, await finds('failure: rules, hub role-assumed', /disabled/, /put-rule/));
    await isWell();
  });

  it('a rule that is plain ENABLED', async () => {
    await hubEvents.send(new EnableRuleCommand({ Name: 'daypass-role-assumed' }));
    await putRule(hubEvents, await finds('failure: rules, hub role-assumed', /ENABLED, not ENABLED_WITH/, /put-rule/));
    await isWell();
  });

  it('a rule with another pattern', async () => {
    const Name = 'daypass-forward-role-assumed';
    const State = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    await productionEvents.send(new PutRuleCommand({ Name, State, EventPattern: '{"source":["aws.s3"]}' }));
    await finds('failure: rules, production forward-role-assumed', /pattern/, /daypass onboard production/);
    await productionEvents.send(new DisableRuleCommand({ Name }));
    await putRule(
      productionEvents,
      await finds('failure: rules, production forward-role-assumed', /disabled/, /put-rule/),
    );
    await isWell();
  });

  it('a trail that was stopped', async () => {
    await trails.send(new StopLoggingCommand({ Name: 'embedded' }));
    const todo = await finds('failure: trail, production', /stopped/, /^aws cloudtrail start-logging --name (\S+)$/);
    await trails.send(new StartLoggingCommand({ Name: todo.split(' ').at(-1) }));
    await isWell();
  });
});

describe('the doctor finds, of a target account,', () => {
  it('a trust policy without the external id', async () => {
    const before = await trustOf(role);
    const { Statement } = JSON.parse(before) as {
      Statement: { Condition?: Record<string, Record<string, unknown>> }[];
    };
    for (const { Condition } of Statement) delete Condition?.StringEquals?.['sts:ExternalId'];
    await setTrust(role, JSON.stringify({ Version: '2012-10-17', Statement }));
    await finds(
      `failure: accounts, production ${role} trust`,
      /without the account’s external id/,
      /daypass onboard production/,
    );
    await setTrust(role, before);
    await isWell();
  });

  it('a trust policy that lets somebody else in', async () => {
    const before = await trustOf(role);
    const widened = before.replace(
      '"arn:aws:iam::111111111111:role/daypass-mint-credentials"',
      '"arn:aws:iam::111111111111:role/daypass-mint-credentials","arn:aws:iam::333333333333:root"',
    );
    expect(widened).not.toBe(before);
    await setTrust(role, widened);
    await finds(
      `failure: accounts, production ${role} trust`,
      /also be taken by arn:aws:iam::333333333333:root/,
      /onboard/,
    );
    await setTrust(role, before);
  });

  it('a boundary that was taken away', async () => {
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: role }));
    await finds(
      `failure: accounts, production ${role} boundary`,
      /no permissions boundary/,
      new RegExp(`^aws iam put-role-permissions-boundary --role-name ${role} --permissions-boundary ${boundaryArn}$`),
    );
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: role, PermissionsBoundary: boundaryArn }));
    await isWell();
  });

  it('sessions that may last longer', async () => {
    await iam.send(new UpdateRoleCommand({ RoleName: role, MaxSessionDuration: 43_200 }));
    await finds(
      `failure: accounts, production ${role} duration`,
      /may last 12 h/,
      new RegExp(`^aws iam update-role --role-name ${role} --max-session-duration 3600$`),
    );
    await iam.send(new UpdateRoleCommand({ RoleName: role, MaxSessionDuration: 3_600 }));
    await isWell();
  });

  it('tags that are missing, and one that would make every session look granted', async () => {
    const part = { Key: 'daypass:part', Value: 'onboarding' };
    await iam.send(new UntagRoleCommand({ RoleName: role, TagKeys: [part.Key] }));
    await finds(`warning: accounts, production ${role} tags`, /daypass:part=onboarding/, /daypass onboard production/);
    await iam.send(new TagRoleCommand({ RoleName: role, Tags: [part, { Key: 'daypass:grant', Value: 'x' }] }));
    await finds(
      `failure: accounts, production ${role} tags`,
      /looks granted/,
      /untag-role .* --tag-keys daypass:grant$/,
    );
    await iam.send(new UntagRoleCommand({ RoleName: role, TagKeys: ['daypass:grant'] }));
    await isWell();
  });

  it('a deny policy with hardly any room, and one with none', async () => {
    const title = `production ${role} deny room`;
    await putInline(role, 'reports', `arn:aws:s3:::${'r'.repeat(8_500)}`);
    const permissions = `failure: accounts, production ${role} permissions`;
    await finds(
      [permissions, `warning: accounts, ${title}`],
      /the inline policy reports .*s3:GetObject/,
      /daypass onboard production/,
    );
    await putInline(role, 'reports', `arn:aws:s3:::${'r'.repeat(9_500)}`);
    await finds(
      [permissions, `failure: accounts, ${title}`],
      /the inline policy reports .*s3:GetObject/,
      /Take off by hand/,
    );
    await iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: 'reports' }));
    await isWell();
  });

  it('a revoker that may do more than revoke', async () => {
    await putInline('daypass-revoker', 'more', '*', 'iam:DeleteRolePolicy');
    await finds(
      'failure: accounts, production daypass-revoker permissions',
      /iam:DeleteRolePolicy/,
      /daypass onboard production/,
    );
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'daypass-revoker', PolicyName: 'more' }));
    await isWell();
  });

  it('a forwarding role that may do more than forward', async () => {
    await putInline('daypass-forward', 'more', '*');
    await finds('failure: accounts, production daypass-forward', /more than put events/, /daypass onboard production/);
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'daypass-forward', PolicyName: 'more' }));
    await isWell();
  });

  it('a role that nobody lends any more', async () => {
    const RoleName = 'daypass-jit-forgotten';
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: await trustOf(role) }));
    await finds('warning: accounts, production orphans', /No entitlement names daypass-jit-forgotten/, /Delete/);
    await iam.send(new DeleteRoleCommand({ RoleName }));
    await isWell();
  });

  it('a revocation that is not in force, and a deny without a reason', async () => {
    const table = openTable('daypass', world.as('hub'));
    const ledgers = createLedgerStore(table, { nowMs: () => Date.now() });
    const title = `production ${role} revocations`;
    const revokedAt = new Date().toISOString();
    const coversUntil = new Date(Date.now() + 3_600_000).toISOString();
    // Nobody mends it meanwhile.
    const { fence } = await ledgers.acquire(roleArn, 600);
    const before = await ledgers.get(roleArn);
    const revoked = withEntries(
      before,
      [{ grantId: '01J9ZX5T8R5C6X3K4M2N7P8Q9R', revokedAt, coversUntil }],
      Date.now(),
    );
    await ledgers.save({ ...revoked, version: before.version + 1 });
    await finds(`failure: accounts, ${title}`, /not in force yet/, /runbook/);
    await ledgers.save({ ...revoked, appliedVersion: revoked.entriesVersion, version: before.version + 2 });
    await finds(`failure: accounts, ${title}`, /does not say what was revoked/, /press Revoke/);
    const PolicyName = 'AWSRevokeOlderSessions';
    const PolicyDocument = denyDocument(revoked, undefined);
    await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName, PolicyDocument }));
    await isWell();
    const { entriesVersion } = revoked;
    const version = before.version + 3;
    await ledgers.save({ ...before, entriesVersion, appliedVersion: entriesVersion, version });
    await finds(
      `warning: accounts, ${title}`,
      /1 denial of Daypass that no revocation explains/,
      /begins with Daypass/,
    );
    await iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName }));
    await isWell();
    await ledgers.release(roleArn, fence);
    table.client.destroy();
  });

  it('an entry of a request’s record that was changed after it was written', async () => {
    const table = openTable('daypass', world.as('hub'));
    const policy = samplePolicy();
    const ask = { personId: 'dave', entitlementId: 'orders-admin', durationSec: 600, reason: 'fixing INC-42' };
    const at = new Date().toISOString();
    const decision = decide(policy, { ...ask, ticket: 'INC-42' }, []);
    const id = ulid();
    const submission = { id, ask, decision, accountId: '222222222222', roleName: role, at, lapsesAt: at };
    await createRequestStore(table).save(submit(submission));
    await isWell();
    const say = (actor: string) =>
      table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk: `REQUEST#${id}`, sk: 'AUDIT#00000001' },
          UpdateExpression: 'SET entry.actor = :actor',
          ExpressionAttributeValues: { ':actor': actor },
        }),
      );
    await say('carol');
    await finds(
      'failure: accounts, hub records',
      /entry 1 was changed: it now says request\.refused by carol at /,
      /daypass runbook audit-broken/,
    );
    await say('dave');
    await isWell();
    table.client.destroy();
  });

  it('credentials of another account, with which it looks at nothing', async () => {
    const lines = await world.doctor({ options: { profile: ['production=partner-admin'] } });
    expect(ailing(lines).map(named)).toEqual(['failure: accounts, production credentials']);
    expect(lines.map(({ title }) => title)).not.toContain(`production ${role}`);
  });
});
