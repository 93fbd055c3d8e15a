import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoctorOptions, installationOf } from '#cli/doctor/installation.ts';
import { sampleText } from '#test/kit/policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'daypass-installation-'));
const policy = join(folder, 'access.yaml');
const clock = { nowMs: () => 0 };

beforeAll(() => {
  writeFileSync(policy, sampleText);
  for (const home of ['.aws', 'data/aws']) mkdirSync(join(folder, home), { recursive: true });
  writeFileSync(
    join(folder, '.aws', 'config'),
    '[default]\nregion = eu-west-1\n[profile ops]\nregion=eu-central-1\nendpoint_url = http://127.0.0.1:1\n[profile production-admin]\nsso_session = x\n',
  );
  writeFileSync(join(folder, '.aws', 'credentials'), '[partner-admin]\naws_access_key_id = AKIA\n');
  writeFileSync(join(folder, 'data', 'aws', 'config'), '[profile hub-admin]\nregion = us-east-1\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const of = (options: DoctorOptions = {}, env: Record<string, string> = {}, api?: string) =>
  installationOf({ env: { HOME: folder, DAYPASS_HOME: folder, ...env }, clock, api }, { policy, ...options });
const accessIn = async (options?: DoctorOptions) =>
  Object.fromEntries((await of(options)).targets.map(({ name, access }) => [name, access]));

describe('an account is looked at', () => {
  it('with the profile NAME-admin of either file, the hub with what the environment has', async () => {
    expect(await accessIn()).toEqual({
      hub: {},
      production: { profile: 'production-admin' },
      partner: { profile: 'partner-admin' },
    });
  });

  it('with the profile that was named, at the endpoint that it has', async () => {
    expect(await accessIn({ profile: ['hub=ops', 'partner=other'] })).toEqual({
      hub: { profile: 'ops', endpoint: 'http://127.0.0.1:1' },
      production: { profile: 'production-admin' },
      partner: { profile: 'other' },
    });
  });

  it('not at all where nothing says how', async () => {
    expect(await accessIn({ local: join(folder, 'data') })).toEqual({
      hub: { profile: 'hub-admin' },
      production: undefined,
      partner: undefined,
    });
  });
});

describe('the region', () => {
  it('is what was asked for, else the one that the policy gives the hub, whatever the profile has', async () => {
    expect((await of({ region: 'ap-south-1', profile: ['hub=ops'] })).region).toBe('ap-south-1');
    expect((await of({ profile: ['hub=ops'] }, { AWS_REGION: 'eu-north-1' })).region).toBe('us-east-1');
    const elsewhere = join(folder, 'elsewhere.yaml');
    const hub = 'id: "111111111111"';
    writeFileSync(elsewhere, readFileSync(policy, 'utf8').replace(hub, `${hub}\n    region: eu-west-1`));
    expect((await of({ policy: elsewhere })).region).toBe('eu-west-1');
  });
});

describe('Daypass and Slack', () => {
  it('are where the environment says', async () => {
    const env = { DAYPASS_API: 'https://daypass.example.com/', SLACK_API_URL: 'https://slack.example.com/api' };
    expect(await of({}, env)).toMatchObject({
      api: 'https://daypass.example.com',
      slackApi: 'https://slack.example.com/api/',
      stage: 'prod',
    });
  });

  it('are nowhere and at slack.com where nobody says', async () => {
    expect(await of()).toMatchObject({ api: undefined, slackApi: 'https://slack.com/api/' });
  });

  it('are what `npm start` runs with --local', async () => {
    const local = join(folder, 'data');
    expect(await of({ local })).toMatchObject({
      api: 'http://127.0.0.1:4600',
      slackApi: 'http://127.0.0.1:4600/workspace/api/',
      stage: 'local',
    });
    expect(await of({ local }, {}, 'http://127.0.0.1:9')).toMatchObject({
      api: 'http://127.0.0.1:9',
      slackApi: 'http://127.0.0.1:9/workspace/api/',
    });
  });
});

describe('what was asked wrongly', () => {
  it.each([
    [{ local: join(tmpdir(), 'daypass-nowhere') }, /There are no AWS profiles in/],
    [{ profile: ['production'] }, /--profile takes ACCOUNT=PROFILE/],
    [{ profile: ['prod=x'] }, /has no account prod/],
    [{ policy: join(folder, 'none.yaml') }, /There is no file/],
  ])('%j is a usage error', async (options, message) => {
    await expect(of(options)).rejects.toMatchObject({ exit: 2, message: expect.stringMatching(message) });
  });

  it('an access policy that cannot be used is not: it is what the doctor is for', async () => {
    const broken = join(folder, 'broken.yaml');
    writeFileSync(broken, 'slack: {}\n');
    const { read, targets } = await of({ policy: broken });
    expect(read.ok).toBe(false);
    expect(targets).toEqual([{ name: 'hub', id: undefined, isHub: true, access: {} }]);
  });
});
