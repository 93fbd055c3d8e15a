import { describe, expect, it } from 'vitest';
import { longerLived, longestHeldSec } from '#core/longer-lived.ts';
import type { Entitlement, Policy } from '#core/policy/policy.ts';
import { readPolicy } from '#core/policy/read.ts';
import { boundaryOf, onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { tooLong } from '#deploy/onboarding/size.ts';
import { toContext } from '#local/aws/iam/context.ts';
import { evaluate } from '#local/aws/iam/evaluate.ts';
import { parsePolicy } from '#local/aws/iam/policy.ts';
import { samplePolicy, sampleText } from '#test/kit/policy.ts';

const sample = samplePolicy();
const planWith = (opens: Entitlement['opens']) => {
  const entitlements = sample.entitlements.map((each) =>
    each.id === 'orders-admin' && opens ? { ...each, opens } : each,
  );
  const policy: Policy = { ...sample, entitlements };
  return onboardingPlan(policy, targetsOf(policy));
};
const closed = planWith(undefined);

/** What the boundary says to a session of this entitlement that asks for something. */
const says = (plan: typeof closed, action: string, context: Record<string, string> = {}, resource = '*') =>
  evaluate([parsePolicy(JSON.stringify(boundaryOf(plan, plan.accounts)), 'identity')], {
    action,
    resource,
    context: toContext(context),
  });
const under = (id: string) => ({ 'aws:PrincipalTag/daypass:entitlement': id });

describe('what lives on after a session', () => {
  it.each([
    'sts:GetServiceBearerToken',
    'codeartifact:GetAuthorizationToken',
    'ecr:GetAuthorizationToken',
    'ecr-public:GetAuthorizationToken',
    'sts:GetWebIdentityToken',
    'signin:CreateOAuth2Token',
    'signin:AuthorizeOAuth2Access',
    'account-access:CreateRoleAssignment',
    'identitystore-auth:CreateBearerToken',
    'eks:CreateAccessEntry',
    'eks:AssociateAccessPolicy',
    'eks:AssociateIdentityProviderConfig',
    'kms:CreateGrant',
    'iot:CreateKeysAndCertificate',
    'iot:CreateCertificateFromCsr',
    'iot:RegisterCertificateWithoutCA',
    'acm-pca:IssueCertificate',
    'lightsail:CreateBucketAccessKey',
    'lightsail:DownloadDefaultKeyPair',
    'cognito-identity:GetOpenIdTokenForDeveloperIdentity',
    's3:GetDataAccess',
    'lakeformation:GetTemporaryGlueTableCredentials',
    'sagemaker:CreatePresignedDomainUrl',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
    'appsync:CreateApiKey',
    'transfer:ImportSshPublicKey',
    'ssm:CreateActivation',
  ])('is not made by %s, which no Allow undoes', (action) => {
    expect(says(closed, action)).toBe('explicit-deny');
    expect(says(closed, action, under('orders-admin'))).toBe('explicit-deny');
  });

  it.each([
    'iam:CreateServiceSpecificCredential',
    'iam:CreateAccessKey',
    'iam:AcquireRole',
    'rolesanywhere:CreateProfile',
    'sso:CreateAccountAssignment',
  ])('is not made by %s, which nothing allows', (action) => {
    expect(says(closed, action, under('orders-admin'))).toBe('implicit-deny');
  });

  it('is told from ordinary work with the same services', () => {
    for (const action of [
      'codeartifact:GetPackageVersionAsset',
      'ecr:BatchGetImage',
      'eks:DescribeCluster',
      'iot:Publish',
      'kms:Decrypt',
      'lakeformation:GetDataAccess',
      's3:GetObject',
      'sts:GetCallerIdentity',
    ]) {
      expect(says(closed, action)).toBe('allow');
    }
  });

  it('is not a KMS grant that a service of AWS makes for a resource of the session', () => {
    expect(says(closed, 'kms:CreateGrant', { 'kms:GrantIsForAWSResource': 'true' })).toBe('allow');
    expect(says(closed, 'kms:CreateGrant', { 'kms:GrantIsForAWSResource': 'false' })).toBe('explicit-deny');
  });
});

describe('an entitlement that opens one of them', () => {
  const plan = planWith({ 'registry-token': 'They push images.', 'key-grant': 'They share keys.' });

  it('lets its own sessions do that, and nobody else’s, not even on the same role', () => {
    expect(says(plan, 'ecr:GetAuthorizationToken', under('orders-admin'))).toBe('allow');
    expect(says(plan, 'kms:CreateGrant', under('orders-admin'))).toBe('allow');
    for (const context of [under('orders-read'), {}]) {
      expect(says(plan, 'ecr:GetAuthorizationToken', context)).toBe('explicit-deny');
      expect(says(plan, 'kms:CreateGrant', context)).toBe('explicit-deny');
    }
    expect(says(plan, 'kms:CreateGrant', { 'kms:GrantIsForAWSResource': 'true' })).toBe('allow');
  });

  it('opens nothing else', () => {
    for (const action of ['sts:GetServiceBearerToken', 'eks:CreateAccessEntry', 'signin:CreateOAuth2Token']) {
      expect(says(plan, action, under('orders-admin'))).toBe('explicit-deny');
    }
  });

  it('has its deny stay for as long as the longest of what the deny reaches', () => {
    expect(longestHeldSec({ 'artifact-token': 'CI', 'kubernetes-access': 'ops' })).toBe(43_200);
    expect(longestHeldSec({ 'kubernetes-access': 'ops', 'cognito-token': 'tests' })).toBe(0);
    expect(longestHeldSec()).toBe(0);
  });
});

describe('the boundary’s length', () => {
  it('leaves more than half of what IAM takes where nothing is opened', () => {
    const { length } = JSON.stringify(boundaryOf(closed, closed.accounts)).replace(/\s/g, '');
    expect(length).toBeLessThan(6_144 / 2);
  });

  const [first] = sample.entitlements;
  if (!first) throw new Error('There is no entitlement.');
  const planOf = (opening: (index: number) => readonly string[]) => {
    const entitlements = longerLived.map((_, index) => ({
      ...first,
      id: `an-entitlement-with-a-name-as-long-as-can-be-${String(index).padStart(2, '0')}`,
      opens: Object.fromEntries(opening(index).map((id) => [id, 'Because.'])),
    }));
    const policy: Policy = { ...sample, entitlements };
    return onboardingPlan(policy, targetsOf(policy));
  };

  it('is within IAM’s where each of them is opened by an entitlement of its own', () => {
    const plan = planOf((index) => [longerLived[index]?.id ?? '']);
    expect(JSON.stringify(boundaryOf(plan, plan.accounts)).length).toBeLessThan(6_144);
    expect(tooLong(plan).filter((problem) => problem.includes('boundary'))).toEqual([]);
  });

  it('is told before IAM refuses it where so many open so much that it does not fit', () => {
    const plan = planOf((index) => longerLived.filter((_, at) => at !== index).map(({ id }) => id));
    expect(tooLong(plan)).toContainEqual(
      expect.stringMatching(/^The permissions boundary has \d+ characters, and at most 6144 are allowed\.$/),
    );
  });
});

describe('the access policy', () => {
  const withOpens = (opens: string) =>
    readPolicy(sampleText.replace(/^( {2}orders-admin:\n)/m, `$1    opens: ${opens}\n`));

  it('says what is opened, each with its reason', () => {
    const read = withOpens('{ registry-token: "They push images." }');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const opens = read.policy.entitlements.find(({ id }) => id === 'orders-admin')?.opens;
    expect(opens).toEqual({ 'registry-token': 'They push images.' });
  });

  it.each(['{ anything: "Because." }', '{ registry-token: "" }', '[registry-token]', 'true'])(
    'is refused with opens: %s',
    (opens) => {
      expect(withOpens(opens).ok).toBe(false);
    },
  );
});
