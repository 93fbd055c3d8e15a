import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Line } from '#cli/doctor/report.ts';
import { run } from '#test/cli/cli.ts';
import { ailing, type DoctorWorld, named, openDoctorWorld } from './doctor-world.ts';

let world: DoctorWorld;
beforeAll(async () => {
  world = await openDoctorWorld();
});
afterAll(() => world.close());

const finds: DoctorWorld['finds'] = (...given) => world.finds(...given);
const isWell: DoctorWorld['isWell'] = () => world.isWell();

describe('what `npm start` runs', () => {
  it('is well, told by one short command', async () => {
    const env = { DAYPASS_HOME: world.folder };
    const { code, stdout, stderr } = await run(['doctor', '--local', world.data, '--api', world.stack.appUrl], { env });
    expect(stdout).toMatch(/^\d+ ok, 0 warnings, 0 failures\n$/m);
    expect([code, stderr]).toEqual([0, '']);
    for (const heading of ['Configuration', 'Slack', 'API', 'Rules', 'Trail', 'Accounts', 'Clock']) {
      expect(stdout).toMatch(new RegExp(`^${heading}$`, 'm'));
    }
    // No colours: nobody sits before it.
    expect(stdout).not.toContain('\u001b');
  });

  it('is told to programs in one object, and no secret with it', async () => {
    const env = { DAYPASS_HOME: world.folder };
    const { code, stdout, stderr } = await run(
      ['doctor', '--json', '--local', world.data, '--api', world.stack.appUrl],
      { env },
    );
    const answer = JSON.parse(stdout) as { ok: boolean; data: { checks: Line[]; summary: Record<string, number> } };
    expect([code, answer.ok]).toEqual([0, true]);
    expect(answer.data.summary).toEqual({ ok: answer.data.checks.length, warning: 0, failure: 0 });
    const credentials = readFileSync(join(world.data, 'aws', 'credentials'), 'utf8');
    const secrets = [...credentials.matchAll(/secret_access_key = (\S+)/g)].map(([, secret = '']) => secret);
    const policy = readFileSync('access.yaml', 'utf8');
    const externalIds = [...policy.matchAll(/externalId: (\S+)/g)].map(([, id = '']) => id);
    expect([secrets.length, externalIds.length]).toEqual([3, 2]);
    for (const secret of [...secrets, ...externalIds, world.stack.slack.botToken, world.stack.slack.signingSecret]) {
      expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('is well through a Slack of another address too', () => isWell());
});

describe('the doctor finds, of the policy and Slack,', () => {
  it('an access.yaml that cannot be used', async () => {
    const policy = join(world.folder, 'broken.yaml');
    writeFileSync(policy, readFileSync('access.yaml', 'utf8').replace('approval: none', 'aproval: none'));
    const options = { policy };
    await finds(
      'failure: configuration, policy',
      /line \d+: entitlements\.orders-read\.aproval: .*approval/,
      /daypass policy validate/,
      { options },
    );
  });

  it('a policy that is not the one in force', async () => {
    const policy = join(world.folder, 'newer.yaml');
    writeFileSync(policy, readFileSync('access.yaml', 'utf8').replace('lapseAfter: 24h', 'lapseAfter: 23h'));
    await finds('failure: configuration, in force', /Another policy is in force/, /deploy/, { options: { policy } });
  });

  it('a token that was revoked', async () => {
    world.slack.break({ error: 'token_revoked' });
    await finds('failure: slack, token', /token_revoked/, /Bot User OAuth Token.*bot-token/);
    world.slack.mend();
    await isWell();
  });

  it('a token that is another one', async () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-of-somebody-else' };
    await finds('failure: slack, token', /invalid_auth/, /put it where it was taken from, SLACK_BOT_TOKEN/, { env });
  });

  it('a token of another workspace', async () => {
    world.slack.break({ team: 'T0ELSE' });
    await finds('failure: slack, token', /T0ELSE.*T0DAYPASS/, /slack\.team/);
    world.slack.mend();
  });

  it('a scope that is missing', async () => {
    world.slack.break({
      scopes: [
        'channels:history',
        'channels:read',
        'chat:write',
        'commands',
        'groups:history',
        'groups:read',
        'im:history',
      ],
    });
    await finds('failure: slack, scopes', /lacks im:write \(for conversations\.open\)/, /daypass slack manifest/);
    world.slack.mend();
    await isWell();
  });

  it('a channel that is gone, one that is archived, and one that the bot is not in', async () => {
    const access = { name: 'access', is_archived: false, is_member: true };
    world.slack.break({ channels: { C0ACCESS: access } });
    await finds('failure: slack, alerts channel', /no channel C0SECURITY/, /slack\.alerts/);
    world.slack.break({
      channels: { C0ACCESS: access, C0SECURITY: { name: 'alerts', is_archived: true, is_member: true } },
    });
    await finds('failure: slack, alerts channel', /#alerts is archived/, /Unarchive/);
    world.slack.break({
      channels: { C0ACCESS: access, C0SECURITY: { name: 'alerts', is_archived: false, is_member: false } },
    });
    await finds('failure: slack, alerts channel', /not in #alerts/, /\/invite/);
    world.slack.mend();
    await isWell();
  });

  it('a signing secret that is not the one of the ingress', async () => {
    const env = { SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' };
    await finds('failure: slack, signing secret', /refuses what is signed/, /Basic Information.*SLACK_SIGNING_SECRET/, {
      env,
    });
  });

  it('an app that does not answer, and looks at everything else all the same', async () => {
    const found = ailing(await world.doctor({ api: 'http://127.0.0.1:1' }));
    expect(found.map(named)).toEqual(['failure: slack, signing secret', 'failure: api, health']);
  });
});

describe('the doctor finds that this machine’s clock', () => {
  const everywhere = (status: string): string[] =>
    ['AWS (hub)', 'AWS (production)', 'AWS (partner)', 'Slack'].map((whose) => `${status}: clock, ${whose}`);

  it('is a little off', async () => {
    await finds(everywhere('warning'), /\d+ s ahead of AWS/, /NTP/, { aheadMs: 12_000 });
    await finds(everywhere('warning'), /\d+ s behind AWS/, /NTP/, { aheadMs: -12_000 });
  });

  it('is far off', async () => {
    await finds(everywhere('failure'), /12\d s ahead of AWS|11\d s ahead of AWS/, /NTP/, { aheadMs: 120_000 });
  });
});

it('a failure ends with 1, and says so to programs too', async () => {
  const env = { DAYPASS_HOME: world.folder, SLACK_SIGNING_SECRET: '0123456789abcdef0123456789abcdef' };
  const { code, stdout } = await run(['doctor', '--json', '--local', world.data, '--api', world.stack.appUrl], { env });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    error: { code: 'failures-found', message: expect.stringMatching(/, 0 warnings, 1 failure\.$/) },
    data: { summary: { failure: 1 } },
  });
  expect(stdout).not.toContain(env.SLACK_SIGNING_SECRET);
});
