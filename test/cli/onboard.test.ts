import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, run } from './cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'daypass-onboard-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const onboard = (...args: string[]): Promise<Ran> => run(['onboard', ...args]);

type Template = {
  Mappings: { Accounts: Record<string, { ExternalIds: string[] }> };
  Resources: Record<string, unknown>;
};
const templateOf = ({ stdout }: Ran): Template => JSON.parse(stdout) as Template;
const idsOf = (ran: Ran): string[] | undefined => templateOf(ran).Mappings.Accounts['222222222222']?.ExternalIds;

describe('daypass onboard', () => {
  it('prints an account’s template on stdout and what to do with it on stderr', async () => {
    const ran = await onboard('production');
    expect(ran.code).toBe(0);
    expect(Object.keys(templateOf(ran).Resources)).toEqual(
      expect.arrayContaining(['Boundary', 'Revoker', 'ForwardRole', 'DaypassJitOrdersAdminOf222222222222']),
    );
    expect(ran.stderr).toContain('aws cloudformation deploy --stack-name daypass-onboarding');
    expect(ran.stderr).toContain('daypass-jit-orders-read in production may do nothing yet');
    expect(await onboard('222222222222')).toEqual(ran);
  });

  it('puts the permissions of the file on the roles', async () => {
    const permissions = file(
      'permissions.yaml',
      'accounts:\n  production:\n    daypass-jit-orders-read:\n      statements: [{ Effect: Allow, Action: "dynamodb:Scan", Resource: "*" }]\n',
    );
    const ran = await onboard('production', '--permissions', permissions);
    expect(ran.stdout).toContain('dynamodb:Scan');
    expect(ran.stderr).not.toContain('daypass-jit-orders-read in production may do nothing');
  });

  it('prints one StackSet template for all accounts, with the commands for both models', async () => {
    const ran = await onboard('--form', 'stackset');
    expect(Object.keys(templateOf(ran).Mappings.Accounts)).toEqual(['222222222222', '333333333333']);
    expect(ran.stderr).toContain('--permission-model SERVICE_MANAGED');
    expect(ran.stderr).toContain('--permission-model SELF_MANAGED');
    expect(ran.stderr).toContain('No entitlement is in partner');
  });

  it('prints Terraform of the one account', async () => {
    const { stdout, stderr } = await onboard('production', '--form', 'terraform');
    expect(JSON.parse(stdout)).toMatchObject({ provider: { aws: { allowed_account_ids: ['222222222222'] } } });
    expect(stderr).toContain('terraform apply');
  });

  it('for a single node trusts its broker and forwards nothing', async () => {
    const ran = await onboard('production', '--broker', 'arn:aws:iam::111111111111:role/node');
    expect(ran.stdout).toContain('cloudtrail:LookupEvents');
    expect(Object.keys(templateOf(ran).Resources)).not.toContain('ForwardRole');
    expect(ran.stdout).not.toContain('daypass-mint-credentials');
  });

  it('with --json gives one object, with the words for people in it', async () => {
    const { stdout, stderr } = await onboard('production', '--json');
    const { ok, data } = JSON.parse(stdout) as {
      ok: boolean;
      data: { form: string; template: Template; notes: string[] };
    };
    expect([ok, data.form, stderr]).toEqual([true, 'cloudformation', '']);
    expect(data.template.Mappings.Accounts).toHaveProperty('222222222222');
    expect(data.notes.join('\n')).toContain('Deploy the hub (111111111111) before');
  });
});

describe('an external id', () => {
  it('for a new account is another one each time, with nothing else on stdout', async () => {
    const [one, other] = [await onboard('--new-external-id'), await onboard('--new-external-id')];
    expect(one.stdout).toMatch(/^externalId: dp-[a-z2-7]{32}\n$/);
    expect(one.stdout).not.toBe(other.stdout);
    expect(one.stderr).not.toMatch(/dp-[a-z2-7]{32}/);
  });

  it('is changed without a gap: the old one and the new one, then the new one alone', async () => {
    const during = await onboard('production', '--rotate');
    const [, line = '', externalId = ''] = /(externalId: (dp-[a-z2-7]{32}))/.exec(during.stderr) ?? [];
    expect(idsOf(during)).toEqual(['dp-production-7f3a91c2', externalId]);
    expect(during.stderr.split(externalId)).toHaveLength(2);

    const changed = file(
      'access.yaml',
      readFileSync('access.yaml', 'utf8').replace('externalId: dp-production-7f3a91c2', line),
    );
    expect(idsOf(await onboard('production', '--policy', changed))).toEqual([externalId]);
  });

  it('that was made before can be given again, and then for the StackSet too', async () => {
    const id = `dp-${'a'.repeat(32)}`;
    expect(idsOf(await onboard('production', '--rotate', id))).toEqual(['dp-production-7f3a91c2', id]);
    const all = await onboard('production', '--form', 'stackset', '--rotate', id);
    expect(templateOf(all).Mappings.Accounts).toEqual({
      '222222222222': { ExternalIds: ['dp-production-7f3a91c2', id] },
      '333333333333': { ExternalIds: ['dp-partner-c05e4d18'] },
    });
  });
});

describe('a mistake', () => {
  const mistakes: [what: string, args: string[], code: number, says: string][] = [
    ['no account', [], 2, 'Target accounts: production, partner.'],
    ['an unknown account', ['producton'], 2, 'Did you mean production?'],
    ['an account far from any', ['staging'], 2, 'Known: production, partner. Add it under accounts'],
    ['the hub', ['hub'], 2, 'Daypass itself runs in hub, and lends no roles there.'],
    ['a form that is not there', ['production', '--form', 'pulumi'], 2, 'cloudformation, stackset, terraform'],
    ['a StackSet of one account', ['production', '--form', 'stackset'], 2, 'for all target accounts at once'],
    ['a new id for an account that is there', ['production', '--new-external-id'], 2, 'use --rotate'],
    ['the id that it has', ['production', '--rotate', 'dp-production-7f3a91c2'], 2, 'has this external id already'],
    ['an id that can be guessed', ['production', '--rotate', 'production'], 2, 'that nobody guesses'],
    ['a broker that is no principal', ['production', '--broker', 'me'], 2, 'ARN of an IAM role'],
    [
      'a broker that is a user',
      ['production', '--broker', 'arn:aws:iam::111111111111:user/node'],
      2,
      'console session of up to 12 hours',
    ],
    ['a region that is none', ['production', '--hub-region', 'frankfurt'], 2, 'no AWS region'],
    ['a permissions file that is not there', ['production', '--permissions', '/nonexistent'], 2, 'cannot be read'],
    ['a policy that is not there', ['production', '--policy', '/nonexistent'], 2, 'There is no file'],
  ];
  it.each(mistakes)('of %s prints no template and says what to do', async (_, args, code, says) => {
    const ran = await onboard(...args);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
    expect(ran.stderr).toContain(says);
  });

  it('in the access policy is told with its line', async () => {
    const broken = file(
      'broken.yaml',
      readFileSync('access.yaml', 'utf8').replace('account: production', 'account: prodution'),
    );
    const ran = await onboard('production', '--policy', broken);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toMatch(/cannot be used:\n.*prodution.*Did you mean production\?/s);
  });

  it('in the permissions is told', async () => {
    const broken = file('broken-permissions.yaml', 'accounts: { production: { daypass-jit-order-read: {} } }');
    const ran = await onboard('production', '--permissions', broken);
    expect([ran.code, ran.stdout]).toEqual([1, '']);
    expect(ran.stderr).toContain('Did you mean daypass-jit-orders-read?');
  });
});

it('--help says how permissions are written and what the boundary does not keep', async () => {
  const { code, stdout } = await onboard('--help');
  expect(code).toBe(0);
  for (const says of [
    'mayPass',
    'managedPolicyArns',
    '--rotate',
    'does not bind what already runs',
    'Exit codes: 0 printed',
  ]) {
    expect(stdout).toContain(says);
  }
});
