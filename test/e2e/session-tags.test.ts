import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '#test/kit/until.ts';
import { grant, mint } from './people.ts';
import { submissionBody } from './slack-person.ts';
import { openWorld, type World } from './world.ts';

const read = 'arn:aws:iam::222222222222:role/daypass-jit-orders-read';
const admin = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';
/** The longest id that a person can have. */
const longId = 'alice-in-the-department-of-orders-and-payments-too';
const tags = { Team: 'orders', 'Cost Center': '42', 'k.:/=+-@_': '', 'owner é': '部門 Ж = /.:+-@_' };
const hostile = '<!channel> "},{"Key":"daypass:grant","Value":"x"} \u202e ; drop ${aws:userid} 🔥 INC-42';

let folder: string;
let world: World;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daypass-tags-'));
  const policyPath = join(folder, 'access.yaml');
  const text = readFileSync('access.yaml', 'utf8')
    .replace('\n  alice:\n', `\n  ${longId}:\n`)
    .replaceAll('[alice, bob, carol]', `[${longId}, bob, carol]`)
    .replace('approval: none', `approval: none\n    tags: ${JSON.stringify(tags)}`);
  writeFileSync(policyPath, text);
  world = await openWorld({ policyPath });
});
afterEach(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
  expect(world.faults).toEqual([]);
});

type Assumed = {
  errorCode?: string;
  requestParameters?: {
    roleArn: string;
    roleSessionName: string;
    sourceIdentity?: string;
    tags?: { key: string; value: string }[];
    transitiveTagKeys?: string[];
  } | null;
};

/** What the trail of production has of mints of this role, newest first: whatever the broker has sent to STS. */
const mintsOf = async (roleArn: string): Promise<Assumed[]> => {
  const { credentials, region, endpoint } = world.profile('production-admin').sts.config;
  const trail = new CloudTrailClient({ credentials, region, ...(endpoint && { endpoint }), maxAttempts: 1 });
  const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'AssumeRole' }];
  const { Events = [] } = await trail.send(new LookupEventsCommand({ LookupAttributes }));
  trail.destroy();
  return Events.map(({ CloudTrailEvent = '{}' }: Event) => JSON.parse(CloudTrailEvent) as Assumed).filter(
    ({ requestParameters }) => requestParameters?.roleArn === roleArn,
  );
};

const expectedTags = (id: string) => [
  ...Object.entries(tags).map(([key, value]) => ({ key, value })),
  { key: 'daypass:grant', value: id },
  { key: 'daypass:entitlement', value: 'orders-read' },
];

describe('case 47: what Daypass makes of the longest id, the strangest tags and a hostile reason', () => {
  it('is a session that STS takes, named by the person and the mint, with nothing of the reason in it', async () => {
    const { id } = await grant(world, 'U0ALICE', `orders-read 30m ${hostile}`);
    const credentials = await mint(world, await world.login('U0ALICE'), id);
    expect(await world.readOrder(credentials)).toBe('12345');
    const [assumed, ...others] = await mintsOf(read);
    expect(others).toEqual([]);
    expect(assumed?.requestParameters).toMatchObject({
      roleSessionName: expect.stringMatching(/^alice-in-the-department-of-orders-an-[0-9A-HJKMNP-TV-Z]{26}$/),
      sourceIdentity: longId,
      tags: expectedTags(id),
      transitiveTagKeys: expectedTags(id).map(({ key }) => key),
    });
    expect(JSON.stringify(assumed)).not.toContain('INC-42');
  });
});

describe('case 48: tags of one’s own', () => {
  it('are taken neither by the API, where they are refused by name, nor by Slack, where they are words', async () => {
    const alice = await world.login('U0ALICE');
    for (const field of ['tags', 'transitiveTagKeys', 'sourceIdentity', 'roleSessionName', 'daypass:grant']) {
      const ask = { entitlement: 'orders-read', duration: '30m', reason: 'fixing INC-42', [field]: { team: 'root' } };
      const { status, body } = await world.api(alice, 'POST', '/requests', ask);
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { error: { message: `The body has ${field}, which this route does not know.` } },
      });
    }
    expect((await world.api(alice, 'GET', '/requests')).body).toMatchObject({ mine: [] });

    const { id } = await grant(world, 'U0ALICE', 'orders-read 30m tags={"team":"root"} daypass:grant=x INC-42');
    const asking = await world.api(alice, 'POST', `/requests/${id}/credentials`, {
      tags: [{ Key: 'team', Value: 'root' }],
    });
    expect(asking).toMatchObject({
      status: 400,
      body: { error: { message: 'The body has tags, which this route does not know.' } },
    });
    expect(await mintsOf(read)).toEqual([]);
    await mint(world, alice, id);
    const [assumed] = await mintsOf(read);
    expect(assumed?.requestParameters?.tags).toEqual(expectedTags(id));
  });

  it('in a form that says more than Slack’s does are in no session', async () => {
    await world.command('U0ALICE', '');
    const view = await until('the form', () => world.slack.views[0]);
    const inputs = view.blocks as { block_id: string; element?: { action_id: string; type: string } }[];
    const typed: Record<string, Record<string, unknown>> = { tags: { tags: { value: 'team=root' } } };
    for (const { block_id, element } of inputs) {
      if (!element) continue;
      typed[block_id] = {
        [element.action_id]: element.type.endsWith('_select')
          ? { type: element.type, selected_option: { value: 'orders-read', tags: { team: 'root' } } }
          : { type: element.type, value: block_id === 'duration' ? '30m' : 'INC-42' },
      };
    }
    const forged = { ...view, tags: { team: 'root' }, transitive_tag_keys: ['team'] };
    expect((await world.post(submissionBody('U0ALICE', forged, typed))).status).toBe(200);
    const alice = await world.login('U0ALICE');
    const { id } = await until('the grant', async () => {
      const { body } = await world.api<{ mine: { id: string; status: string }[] }>(alice, 'GET', '/requests');
      return body.mine.find(({ status }) => status === 'active');
    });
    await mint(world, alice, id);
    const [assumed] = await mintsOf(read);
    expect(assumed?.requestParameters?.tags).toEqual(expectedTags(id));
  });

  it('take nobody into a managed role: its trust asks who calls, not what they say they are', async () => {
    const { id } = await grant(world, 'U0BOB', 'orders-admin 30m fixing INC-42', 'U0CAROL');
    const other = await grant(world, 'U0ALICE', 'orders-read 30m fixing INC-43');
    const session = await mint(world, await world.login('U0ALICE'), other.id);
    const callers = [
      world.as(session),
      ...['hub-admin', 'production-admin', 'partner-admin'].map((name) => world.profile(name)),
    ];
    for (const { sts } of callers) {
      const attempt = sts.send(
        new AssumeRoleCommand({
          RoleArn: admin,
          RoleSessionName: `bob-${id}`,
          ExternalId: 'dp-production-7f3a91c2',
          SourceIdentity: longId,
          // Those of a grant that is live.
          Tags: [
            { Key: 'daypass:grant', Value: id },
            { Key: 'daypass:entitlement', Value: 'orders-admin' },
          ],
          TransitiveTagKeys: ['daypass:grant', 'daypass:entitlement'],
        }),
      );
      await expect(attempt).rejects.toMatchObject({
        name: 'AccessDenied',
      });
    }
    expect((await mintsOf(admin)).filter(({ errorCode }) => errorCode === undefined)).toEqual([]);
  });
});
