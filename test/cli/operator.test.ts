import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleText } from '#test/kit/policy.ts';
import { run, temporaryHome } from './cli.ts';

const { home, remove } = temporaryHome();
const env = { DAYPASS_HOME: home };
afterAll(remove);

const fileWith = (name: string, text: string): string => {
  const file = join(home, name);
  writeFileSync(file, text);
  return file;
};
const good = fileWith('good.yaml', sampleText);
const broken = fileWith(
  'broken.yaml',
  sampleText.replace('mayAsk: [developers]', 'mayask: [developers]').replace('account: production', 'account: prod'),
);
const odd = fileWith('odd.yaml', sampleText.replace('leads: [bob, carol]', 'leads: [bob, carol]\n  idle: [dave]'));

describe('daypass policy validate', () => {
  it('says what a good policy holds', async () => {
    const { code, stdout, stderr } = await run(['policy', 'validate', good], { env });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /good\.yaml is valid: 3 accounts, 4 people, 2 groups, 3 entitlements\. Digest [0-9a-f]{12}\.\n$/,
    );
  });

  it('names each problem with file, line, place, and what to do', async () => {
    const { code, stdout } = await run(['policy', 'validate', broken], { env });
    expect(code).toBe(1);
    const line = sampleText.split('\n').findIndex((text) => text.includes('mayAsk: [developers]')) + 1;
    expect(stdout).toContain(`broken.yaml:${line}  error  entitlements.orders-read.mayask\n`);
    expect(stdout).toContain('  There is no setting mayask here.\n  Did you mean mayAsk?\n');
    expect(stdout).toMatch(/broken\.yaml cannot be used: it has 1 problem\./);
  });

  it('gives programs the same, whole', async () => {
    const { code, stdout } = await run(['policy', 'validate', broken, '--json'], { env });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      error: { code: 'policy-invalid' },
      data: {
        problems: [
          {
            path: 'entitlements.orders-read.mayask',
            line: expect.any(Number),
            message: 'There is no setting mayask here.',
            hint: 'Did you mean mayAsk?',
          },
        ],
        warnings: [],
      },
    });
    const valid = await run(['policy', 'validate', good, '--json'], { env });
    expect(JSON.parse(valid.stdout)).toMatchObject({
      ok: true,
      data: { counts: { accounts: 3, people: 4, groups: 2, entitlements: 3 }, problems: [], warnings: [] },
    });
  });

  it('a warning does not fail', async () => {
    const { code, stdout } = await run(['policy', 'validate', odd], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('warning  groups.idle\n  No rule names the group idle.');
    expect(stdout).toContain('is valid, with 1 warning:');
  });

  it('takes access.yaml where none is named', async () => {
    expect(await run(['policy', 'validate'], { env })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^access\.yaml is valid/),
    });
  });

  it('a file that is not there is 2', async () => {
    const { code, stderr } = await run(['policy', 'validate', join(home, 'none.yaml')], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('There is no file');
  });
});

describe('daypass slack manifest', () => {
  it('prints nothing but the manifest on stdout, and what to do with it beside', async () => {
    const { code, stdout, stderr } = await run(['slack', 'manifest', '--url', 'https://daypass.example.com/'], { env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      settings: { interactivity: { request_url: 'https://daypass.example.com/slack/events' } },
    });
    expect(stderr).toContain('https://api.slack.com/apps');
  });

  it('knows the API’s address where no other is given', async () => {
    const { stdout } = await run(['slack', 'manifest', '--json'], {
      env: { ...env, DAYPASS_API: 'https://daypass.example.com' },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      data: { manifest: { features: { slash_commands: [{ url: 'https://daypass.example.com/slack/events' }] } } },
    });
  });

  it.each([
    [['--url', 'http://daypass.example.com'], 'Slack calls https addresses only'],
    [[], 'The address of the app is missing.'],
    [['--socket-mode', '--url', 'https://daypass.example.com'], 'Over Socket Mode Slack calls no address.'],
    [['--socket-mode', '--name', 'x'.repeat(36)], 'has 1 to 35 characters'],
  ])('refuses %j', async (options, message) => {
    const { code, stdout, stderr } = await run(['slack', 'manifest', ...options], { env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

describe('--help', () => {
  it.each([['doctor'], ['policy', 'validate'], ['slack', 'manifest']])('of %s %s has an example', async (...words) => {
    const verb = words.filter((word) => word !== undefined);
    const { code, stdout } = await run([...verb, '--help'], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('--json');
    expect(stdout).toMatch(new RegExp(`Examples:\\n  \\$ daypass ${verb.join(' ')}`));
  });

  it('a command of commands asks for the rest', async () => {
    expect(await run(['policy'], { env })).toMatchObject({ code: 2, stdout: '' });
    expect(await run(['slack', 'manifes'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean manifest'),
    });
  });
});
