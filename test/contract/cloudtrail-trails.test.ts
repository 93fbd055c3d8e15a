import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  LookupEventsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWire, type Wire } from '#test/local/aws/events/wire-stack.ts';

const TrailARN = 'arn:aws:cloudtrail:us-east-1:222222222222:trail/embedded';

let wire: Wire;
let trails: CloudTrailClient;
let sts: STSClient;

beforeAll(async () => {
  wire = await startWire({
    rules: ['111111111111', '222222222222'].map((accountId) => ({
      accountId,
      name: 'calls',
      pattern: { source: ['aws.sts'] },
      state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      targets: [
        { id: 'detect', functionName: 'detect', retry: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 } },
      ],
    })),
  });
  const settings = wire.settings(wire.userKeys('222222222222', 'production-admin'));
  trails = new CloudTrailClient(settings);
  sts = new STSClient(settings);
});
afterAll(async () => {
  trails.destroy();
  sts.destroy();
  await wire.close();
  expect(wire.faults).toEqual([]);
});

/** How many events of a call reach a rule. */
const delivered = async (): Promise<number> => {
  wire.delivered.length = 0;
  await sts.send(new GetCallerIdentityCommand({}));
  await wire.bus.idle();
  return wire.delivered.length;
};

describe('trails over the wire', () => {
  it('are one in every account, of all regions and all management events', async () => {
    const { trailList } = await trails.send(new DescribeTrailsCommand({}));
    expect(trailList).toMatchObject([
      { Name: 'embedded', TrailARN, HomeRegion: 'us-east-1', IsMultiRegionTrail: true, IsOrganizationTrail: false },
    ]);
    expect(await trails.send(new GetTrailStatusCommand({ Name: TrailARN }))).toMatchObject({ IsLogging: true });
    expect(await trails.send(new GetEventSelectorsCommand({ TrailName: 'embedded' }))).toMatchObject({
      TrailARN,
      EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
    });
    expect((await trails.send(new DescribeTrailsCommand({ trailNameList: ['other'] }))).trailList).toEqual([]);
  });

  it('that are stopped send nothing to EventBridge, while LookupEvents goes on', async () => {
    expect(await delivered()).toBe(1);
    await trails.send(new StopLoggingCommand({ Name: 'embedded' }));
    const status = await trails.send(new GetTrailStatusCommand({ Name: 'embedded' }));
    expect(status).toMatchObject({ IsLogging: false, StopLoggingTime: new Date(wire.clock.nowMs()) });
    expect(await delivered()).toBe(0);
    const LookupAttributes = [{ AttributeKey: 'EventName' as const, AttributeValue: 'GetCallerIdentity' }];
    expect((await trails.send(new LookupEventsCommand({ LookupAttributes }))).Events).toHaveLength(2);
    await trails.send(new StartLoggingCommand({ Name: TrailARN }));
    expect(await delivered()).toBe(1);
  });

  it('of another account, or of another name, are not there', async () => {
    const elsewhere = TrailARN.replace('222222222222', '111111111111');
    for (const Name of [elsewhere, 'another']) {
      await expect(trails.send(new GetTrailStatusCommand({ Name }))).rejects.toMatchObject({
        name: 'TrailNotFoundException',
      });
    }
    await expect(trails.send(new StopLoggingCommand({ Name: '!' }))).rejects.toMatchObject({
      name: 'InvalidTrailNameException',
    });
  });
});
