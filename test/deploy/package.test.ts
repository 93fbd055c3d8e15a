import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functions } from '#functions/registry.ts';
import { bundleFunctions } from '../../scripts/bundle-functions.ts';
import { cloudFormationErrors, definitionsIn, machineErrors, unfilledTokens } from '../../scripts/check-template.ts';
import { withOsls } from '../../scripts/compile-template.ts';
import { packageHub } from '../../scripts/package-hub.ts';
import { secretsIn } from '../../scripts/secrets.ts';
import { zipFolder } from '../../scripts/zip.ts';

const root = join(import.meta.dirname, '..', '..');
const nowhere = 'http://127.0.0.1:9';

/** `npm run package` as in a fresh clone: an empty home, no credentials, and no way out. */
const runPackage = async (home: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [join(root, 'scripts', 'package.ts'), ...args], {
    cwd: root,
    env: { HOME: home, TZ: 'Pacific/Kiritimati', HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, AWS_ENDPOINT_URL: nowhere },
  });

let folder: string;
let home: string;
let out: string;
let again: string;
let run: Awaited<ReturnType<typeof runPackage>>;
let template: string;
const zips = new Map<string, Uint8Array>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'daypass-packaged-'));
  home = join(folder, 'home');
  out = join(folder, 'out');
  mkdirSync(home);
  const settings = ['--param', 'log-retention-days=365', '--param', 'alarm-email=oncall@example.com'];
  again = join(folder, 'again');
  [run] = await Promise.all([runPackage(home, '--out', out, '--stage', 'test', ...settings), bundleFunctions(again)]);
  template = readFileSync(join(out, 'cloudformation.json'), 'utf8');
  for (const name of readdirSync(join(out, 'zips'))) zips.set(name, readFileSync(join(out, 'zips', name)));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run package', () => {
  it('says nothing but how large each function is, the digest of the command line, and what to do next, and leaves the home folder alone', () => {
    expect(run.stderr).toBe('');
    for (const { name } of functions) expect(run.stdout).toContain(`  ${name}\n`);
    expect(run.stdout).toContain(
      'npx --no osls deploy --stage test --param="log-retention-days=365" --param="alarm-email=oncall@example.com" --param="artifacts=',
    );
    const served = unzipSync(zips.get('api.zip') ?? Uint8Array.of())['daypass.mjs'] ?? Uint8Array.of();
    const digest = createHash('sha256').update(served).digest('hex');
    expect(run.stdout).toContain(
      `daypass.mjs, which the hub serves at /cli: ${served.length} bytes, sha256 ${digest}\n`,
    );
    expect(readdirSync(home)).toEqual([]);
  });

  it('makes a zip for each function, with the policy beside the code of those that read it', () => {
    expect([...zips.keys()].sort()).toEqual(functions.map(({ name }) => `${name}.zip`).sort());
    for (const { name, environment } of functions) {
      const inside = Object.keys(unzipSync(zips.get(`${name}.zip`) ?? new Uint8Array()));
      expect({ name, code: inside.includes('index.mjs'), policy: inside.includes('access.json') }).toEqual({
        name,
        code: true,
        policy: environment.includes('DAYPASS_POLICY'),
      });
    }
  });

  it('puts stage, settings and names of secrets into the template', () => {
    const { Parameters, Resources } = JSON.parse(template) as {
      Parameters: Record<string, { Default: string }>;
      Resources: Record<string, { Properties: { Environment: { Variables: Record<string, string> } } }>;
    };
    expect(Parameters.LogRetentionDays?.Default).toBe('365');
    expect(Parameters.AlarmEmail?.Default).toBe('oncall@example.com');
    expect(Resources.NotifyLambdaFunction?.Properties.Environment.Variables.SLACK_BOT_TOKEN_PARAMETER).toBe(
      '/daypass/test/slack/bot-token',
    );
  });

  it('takes --help, and says which option it does not know', async () => {
    expect(await runPackage(home, '--help')).toMatchObject({
      stderr: '',
      stdout: expect.stringContaining('--stage NAME'),
    });
    await expect(runPackage(home, '--param', 'colour=red')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('with one of log-retention-days, throttle-rate, throttle-burst, alarm-email'),
    });
    await expect(runPackage(home, '--stage', 'Prod!')).rejects.toMatchObject({
      code: 1,
      stderr: '--stage takes up to 20 small letters, digits and hyphens, not "Prod!".\n',
    });
  });

  it('refuses an access policy with a fault, names the fault, and leaves no template of before to deploy', async () => {
    const old = join(folder, 'old');
    mkdirSync(old);
    writeFileSync(join(old, 'cloudformation.json'), '{}');
    const policyPath = join(folder, 'access.yaml');
    writeFileSync(
      policyPath,
      readFileSync(join(root, 'access.yaml'), 'utf8').replace('mayAsk: [developers]', 'mayAsk: [pilots]'),
    );
    const options = { out: old, stage: 'test', params: {}, policyPath };
    await expect(packageHub(options)).rejects.toThrow(/access\.yaml cannot be deployed:\n.*pilots/);
    expect(existsSync(join(old, 'cloudformation.json'))).toBe(false);
  });
});

it('osls accepts what was packaged and goes on to call AWS, where this test ends', () => {
  const policyPath = join(root, 'access.yaml');
  const options = { stage: 'test', params: {}, artifacts: join(out, 'zips'), policyPath };
  const environment = {
    HOME: home,
    AWS_ACCESS_KEY_ID: 'nobody',
    AWS_SECRET_ACCESS_KEY: 'nothing',
    AWS_ENDPOINT_URL: nowhere,
    SLS_AWS_REQUEST_MAX_RETRIES: '0',
  };
  expect(() => withOsls('deploy', options, () => 'deployed', environment)).toThrow(/ECONNREFUSED 127\.0\.0\.1:9/);
});

describe('the zips', () => {
  it('have the same bytes when they are made again, elsewhere and in another time zone', () => {
    for (const { name } of functions)
      expect({
        name,
        same: Buffer.compare(zipFolder(join(again, name)), zips.get(`${name}.zip`) ?? Buffer.of()),
      }).toEqual({
        name,
        same: 0,
      });
  });

  it('hold files that Lambda may read, whatever the umask was', () => {
    const zip = Buffer.from(zips.get('notify.zip') ?? []);
    const entry = zip.indexOf('PK\x01\x02');
    expect(entry).toBeGreaterThan(0);
    expect((zip.readUInt32LE(entry + 38) >>> 16).toString(8)).toBe('100644');
  });
});

describe('the template', () => {
  it('has no error for the validator of CloudFormation but the one that is planted', () => {
    const planted = template.replace('"SqsManagedSseEnabled": true', '"SqsManagedSseEnabled": "often"');
    expect(cloudFormationErrors(planted)).toEqual([expect.stringContaining('SqsManagedSseEnabled')]);
  });

  it('has state machines that are valid as they stand in it, and would show one that is not', () => {
    expect(definitionsIn(template).map(({ logicalId }) => logicalId)).toEqual([
      'AccessRequestMachine',
      'AlertResponseMachine',
      'LockdownMachine',
    ]);
    expect(machineErrors(template)).toEqual([]);
    expect(
      machineErrors(template.replaceAll('\\"StartAt\\":\\"NeedsApproval\\"', '\\"StartAt\\":\\"Nowhere\\"')),
    ).not.toEqual([]);
  });

  it('has no token left, and would name one', () => {
    expect(unfilledTokens(template)).toEqual([]);
    expect(unfilledTokens('{"a":"${AWS::Region} ${table-arn}","b":"${param:stage}"}')).toEqual([
      '${table-arn}',
      '${param:stage}',
    ]);
  });

  it("has no error for Python's cfn-lint, where that is installed", () => {
    const lint = spawnSync('cfn-lint', ['--format', 'json', join(out, 'cloudformation.json')], { encoding: 'utf8' });
    if (lint.error) {
      console.info('cfn-lint is not on the PATH, so it was not asked; the other validators were.');
      expect(lint.error).toMatchObject({ code: 'ENOENT' });
      return;
    }
    const found = JSON.parse(lint.stdout || '[]') as { Level: string; Message: string }[];
    expect(found.filter(({ Level }) => Level === 'Error')).toEqual([]);
  }, 600_000);
});

describe('secrets', () => {
  // Put together here, so that no file of ours looks as if it held one.
  const planted: Readonly<Record<string, string>> = {
    'a Slack token': ['xoxb', '123456789012', 'abcdefABCDEF'].join('-'),
    'a Slack signing secret': '8f742231b10e8888'.concat('abcd99yyyzzz85a5'.replaceAll(/[yz]/g, 'e')),
    'an AWS access key': 'AKIA'.concat('IOSFODNN7EXAMPLE'),
    'a private key': '-----BEGIN '.concat('RSA PRIVATE KEY-----'),
    'a resolved parameter': '{{resolve:'.concat('ssm-secure:/daypass/prod/slack/bot-token}}'),
    'the key of the embedded stack': 'aws/'.concat('master.key'),
  };

  it('are in neither the template nor a zip', () => {
    expect(secretsIn(template)).toEqual([]);
    for (const [name, zip] of zips) {
      for (const [file, content] of Object.entries(unzipSync(zip)))
        expect({ name, file, secrets: secretsIn(strFromU8(content)) }).toEqual({ name, file, secrets: [] });
    }
  });

  it.each(Object.entries(planted))('would be found: %s', (kind, secret) => {
    expect(secretsIn(`${template}\nconst setting="${secret}";`)).toEqual([kind]);
  });

  it('are not what a digest or a word looks like', () => {
    expect(secretsIn(`sha256 ${'0a'.repeat(32)} and xox and AKIA`)).toEqual([]);
  });
});
