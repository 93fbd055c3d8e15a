import { AssumeRoleCommand, type AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IdentityStack, type Keys, keysOf, startIdentity } from '#test/local/aws/sts/identity-stack.ts';
import { broker, orders, ordersWorld } from '#test/local/aws/sts/orders-world.ts';

let stack: IdentityStack;
let brokerKeys: Required<Keys>;

const assume = (input: Partial<AssumeRoleCommandInput>, keys: Keys = brokerKeys) =>
  stack
    .stsClient(keys)
    .send(new AssumeRoleCommand({ RoleArn: orders, RoleSessionName: 'alice', ExternalId: 'id-of-hub', ...input }));
const tag = (Key: string, Value = 'x') => ({ Key, Value });
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`k${index}`, ''));

beforeAll(async () => {
  stack = await startIdentity(ordersWorld);
  const admin = stack.userKeys('111111111111', 'hub-admin');
  brokerKeys = keysOf(await assume({ RoleArn: broker, RoleSessionName: 'mint' }, admin));
});
afterAll(() => stack.close());

/** What https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html and API_Tag.html set as limits. */
describe('case 47: STS refuses', () => {
  it.each<[what: string, input: Partial<AssumeRoleCommandInput>, at: string]>([
    ['a session name with a space', { RoleSessionName: 'alice smith' }, 'roleSessionName'],
    ['a session name with a slash', { RoleSessionName: 'alice/root' }, 'roleSessionName'],
    [
      'a session name with a colon, which would look like another user id',
      { RoleSessionName: 'a:b' },
      'roleSessionName',
    ],
    ['a session name with a line break', { RoleSessionName: 'alice\n' }, 'roleSessionName'],
    ['a session name with a letter beyond ASCII', { RoleSessionName: 'zoë' }, 'roleSessionName'],
    ['a session name with an asterisk', { RoleSessionName: 'alice*' }, 'roleSessionName'],
    ['a session name of one character', { RoleSessionName: 'a' }, 'roleSessionName'],
    ['a session name of 65', { RoleSessionName: 'a'.repeat(65) }, 'roleSessionName'],
    ['a source identity of one character', { SourceIdentity: 'a' }, 'sourceIdentity'],
    ['a source identity of 65', { SourceIdentity: 'a'.repeat(65) }, 'sourceIdentity'],
    ['a source identity with a space', { SourceIdentity: 'alice smith' }, 'sourceIdentity'],
    ['a source identity that begins like AWS’s own', { SourceIdentity: 'aws:alice' }, 'sourceIdentity'],
    ['fifty-one tags', { Tags: many(51) }, 'tags'],
    ['a tag key of 129 characters', { Tags: [tag('k'.repeat(129))] }, 'tags.1.member.key'],
    ['an empty tag key', { Tags: [tag('')] }, 'tags.1.member.key'],
    ['a tag key with a comma', { Tags: [tag('a,b')] }, 'tags.1.member.key'],
    ['a tag value of 257 characters', { Tags: [tag('k', 'v'.repeat(257))] }, 'tags.1.member.value'],
    ['a tag value with an angle bracket', { Tags: [tag('k', '<@U0BOB>')] }, 'tags.1.member.value'],
    ['a tag value with a line break', { Tags: [tag('k', 'a\nb')] }, 'tags.1.member.value'],
  ])('%s', async (_, input, at) => {
    await expect(assume(input)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(`at '${at}' failed to satisfy constraint`),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it.each<[what: string, input: Partial<AssumeRoleCommandInput>, message: string]>([
    ['tag keys that differ in capitals only', { Tags: [tag('Team'), tag('tEAM')] }, 'Duplicate tag keys found'],
    ['the same tag key twice', { Tags: [tag('team', 'a'), tag('team', 'b')] }, 'Duplicate tag keys found'],
    ['a tag key of AWS, in any capitals', { Tags: [tag('AwS:PrincipalOrgID')] }, 'may not start with "aws:"'],
    [
      'a transitive key that is no tag of the session',
      { Tags: [tag('team')], TransitiveTagKeys: ['daypass:grant'] },
      'must be included in the requested tags',
    ],
  ])('%s', async (_, input, message) => {
    await expect(assume(input)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(message),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('tags that are all within their limits and together do not fit', async () => {
    // The call and the figure of github.com/aws-actions/configure-aws-credentials/issues/1898, seen with the real STS.
    const Tags = Array.from({ length: 9 }, (_, index) => tag(`T${index + 1}`, 'a'.repeat(250)));
    await expect(assume({ Tags })).rejects.toMatchObject({
      name: 'PackedPolicyTooLargeException',
      message: expect.stringMatching(/^Packed size of session tags consumes 49\d% of allotted space/),
    });
  });

  it('none that keeps to the limits: fifty tags, letters of any script, a value that is empty', async () => {
    await expect(assume({ Tags: many(50) })).resolves.toMatchObject({ PackedPolicySize: expect.any(Number) });
    const strange = [tag('k'.repeat(128)), tag('отдел', '部門 é @=+-/:._'), tag('empty', '')];
    await expect(
      assume({ Tags: strange, RoleSessionName: 'A_+=,.@-9'.padEnd(64, 'z'), SourceIdentity: 'al' }),
    ).resolves.toMatchObject({ SourceIdentity: 'al' });
  });
});
