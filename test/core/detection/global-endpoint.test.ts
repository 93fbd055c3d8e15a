import { describe, expect, it } from 'vitest';
import { iamUser, roleSession, trailSample } from '#core/detection/sample-records.ts';
import { forwardRules } from '#deploy/onboarding/forwarding.ts';
import { roleAssumed } from '#events/rules/role-assumed.ts';
import { matches } from '#local/aws/events/pattern.ts';
import { active } from '#test/fixtures/alert-world.ts';
import { found } from './found.ts';

const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';

/**
 * An assumption through `sts.amazonaws.com`. CloudTrail writes it down in us-east-1, whatever region the caller works
 * in: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
const throughTheGlobalEndpoint = (record: Readonly<Record<string, unknown>>) => ({
  ...trailSample('sts', 'AssumeRole', '222222222222', {
    userIdentity: iamUser('222222222222', 'production-admin'),
    awsRegion: 'us-east-1',
    readOnly: true,
    requestParameters: { roleArn, roleSessionName: 'oops' },
    responseElements: {
      assumedRoleUser: {
        assumedRoleId: 'AROAORDERSADMIN00001:oops',
        arn: 'arn:aws:sts::222222222222:assumed-role/daypass-jit-orders-admin/oops',
      },
      credentials: { accessKeyId: 'ASIAISSUED0000000001', expiration: 'Nov 22, 2026, 11:05:00 AM' },
    },
    tlsDetails: { tlsVersion: 'TLSv1.3', clientProvidedHostHeader: 'sts.amazonaws.com' },
    ...record,
  }),
  region: 'us-east-1',
});

describe('case 49: an assumption through the global endpoint of STS', () => {
  it('is heard in us-east-1 of the hub and of every other account: no rule asks for a region', () => {
    const event = throughTheGlobalEndpoint({});
    expect(matches(roleAssumed.pattern, event)).toBe(true);
    const forwards = forwardRules.filter(({ pattern }) => matches(pattern, event));
    expect(forwards.map(({ name }) => name)).toEqual(['daypass-forward-role-assumed']);
  });

  it('alarms like every other without a grant, and the alert says where it was', () => {
    expect(found(throughTheGlobalEndpoint({}))).toEqual([
      expect.objectContaining({
        detection: 'assumed-without-grant',
        severity: 'critical',
        roleArn,
        session: expect.objectContaining({ userId: 'AROAORDERSADMIN00001:oops' }),
        facts: expect.objectContaining({ Region: 'us-east-1' }),
      }),
    ]);
  });

  it('alarms also where it borrows the tags of a live grant: Daypass does not come this way, nor by this caller', () => {
    const tags = [
      { key: 'daypass:grant', value: active.id },
      { key: 'daypass:entitlement', value: active.entitlementId },
    ];
    const forged = throughTheGlobalEndpoint({
      userIdentity: roleSession('222222222222', 'somebody', 'me'),
      requestParameters: { roleArn, roleSessionName: 'oops', sourceIdentity: active.personId, tags },
    });
    expect(found(forged, { tagged: active })).toEqual([
      expect.objectContaining({ detection: 'assumed-without-grant', severity: 'critical' }),
    ]);
  });
});
