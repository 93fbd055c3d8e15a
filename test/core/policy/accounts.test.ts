import { describe, expect, it } from 'vitest';
import { knownFrom } from '#core/detection/known.ts';
import { hubRegionOf } from '#core/policy/policy.ts';
import { readPolicy } from '#core/policy/read.ts';
import { changed, samplePolicy } from '#test/kit/policy.ts';

const hub = 'id: "111111111111"';
const production = 'id: "222222222222"';
const beside = (line: string, more: string): [string, string] => [line, `${line}\n    ${more}`];

const problemsOf = (...change: [string, string]): string[] => {
  const read = readPolicy(changed(change));
  return read.ok ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`);
};

describe('the region of the hub', () => {
  it('is us-east-1 unless the policy says another', () => {
    expect(hubRegionOf(samplePolicy())).toBe('us-east-1');
    expect(hubRegionOf(samplePolicy(beside(hub, 'region: eu-west-1')))).toBe('eu-west-1');
  });

  it('is of the hub alone, and a region', () => {
    expect(problemsOf(...beside(production, 'region: eu-west-1'))).toEqual([
      'accounts.production.region: production is not the hub, so it has no region.',
    ]);
    expect(problemsOf(...beside(hub, 'region: Ireland'))).toEqual([
      'accounts.hub.region: A region is written like eu-west-1.',
    ]);
  });
});

describe('a region of another partition', () => {
  it.each([
    'us-gov-west-1',
    'us-gov-east-1',
    'cn-north-1',
    'cn-northwest-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
    'eusc-de-east-1',
  ])('is refused, since every ARN that Daypass writes would name nothing there: %s', (region) => {
    expect(problemsOf(...beside(hub, `region: ${region}`))).toEqual([
      'accounts.hub.region: This region is not of the partition aws.',
    ]);
  });

  it.each(['us-east-1', 'eu-central-2', 'ap-southeast-5', 'il-central-1', 'mx-central-1', 'ca-west-1'])(
    'is not %s',
    (region) => {
      expect(problemsOf(...beside(hub, `region: ${region}`))).toEqual([]);
    },
  );
});

describe('an entitlement in the hub', () => {
  it('is refused: it would be granted, and could never be had', () => {
    expect(problemsOf('account: production', 'account: hub')).toEqual([
      'entitlements.orders-read.account: hub is the hub, where Daypass runs, and it lends no roles there: orders-read could never be had.',
    ]);
  });
});

describe('those who set up roles in an account', () => {
  it('are known to the detector, a role without its path, since its sessions do not show it', () => {
    const role = 'arn:aws:iam::222222222222:role/deployment/stacksets-exec';
    const user = 'arn:aws:iam::222222222222:user/production-admin';
    const policy = samplePolicy(beside(production, `onboardedBy: ["${role}", "${user}"]`));
    expect(knownFrom(policy).onboarding).toEqual([
      { accountId: '222222222222', roleName: 'stacksets-exec' },
      { accountId: '222222222222', userArn: user },
    ]);
    expect(knownFrom(samplePolicy()).onboarding).toEqual([]);
  });

  it('are of that account', () => {
    const foreign = 'onboardedBy: arn:aws:iam::333333333333:role/deployment';
    expect(problemsOf(...beside(production, foreign))).toEqual([
      'accounts.production.onboardedBy: Whoever sets up roles in an account is a role or a user of that account.',
    ]);
    expect(problemsOf(...beside(production, 'onboardedBy: deployment'))).toHaveLength(1);
  });
});
