import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialProcessLine } from '../../cli/own-line.ts';
import { run, temporaryHome } from './cli.ts';

const args = ['--entitlement', 'orders-admin'];

describe('the line for ~/.aws/config', () => {
  it('has the whole paths, in double quotes where they have a space', () => {
    const plain = ['/usr/bin/node', '/home/alice/.local/bin/daypass.mjs'];
    expect(credentialProcessLine(plain, args, 'linux')).toBe(
      'credential_process = /usr/bin/node /home/alice/.local/bin/daypass.mjs credential-process --entitlement orders-admin',
    );
    const spaced = ['C:\\Program Files\\nodejs\\node.exe', 'C:\\Users\\Alice\\daypass.mjs'];
    expect(credentialProcessLine(spaced, args, 'win32')).toBe(
      'credential_process = "C:\\Program Files\\nodejs\\node.exe" C:\\Users\\Alice\\daypass.mjs credential-process --entitlement orders-admin',
    );
  });

  it('is refused where a shell or a tool would read the path otherwise', () => {
    for (const path of ['/home/$USER/d.mjs', '/home/a`id`/d.mjs', '/a"b/d.mjs', '/a\\b/d.mjs', '/a #b/d.mjs', '/a\nb'])
      expect(() => credentialProcessLine(['/usr/bin/node', path], args, 'linux')).toThrow('cannot stand in a line');
    for (const path of ['C:\\%TEMP%\\d.mjs', 'C:\\a"b.mjs', 'C:\\a ;b.mjs'])
      expect(() => credentialProcessLine(['node.exe', path], args, 'win32')).toThrow('cannot stand in a line');
  });

  it('is printed for the program that runs, without a login and without asking anybody', async () => {
    const { home, remove } = temporaryHome();
    const { code, stdout, stderr } = await run(['credential-process', ...args, '--for-config'], {
      env: { DAYPASS_HOME: home },
    });
    remove();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^credential_process = \/\S*node \/\S+\/cli\/bin\/daypass\.js credential-process --entitlement orders-admin\n$/,
    );
    expect((await run(['credential-process', '--for-config'])).code).toBe(2);
  });
});

describe('an AWS SDK that reads it', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "it's a daypass (1) "));
    mkdirSync(join(folder, 'bin'));
    const say = `console.log(JSON.stringify({ Version: 1, AccessKeyId: process.argv.slice(2).join(' '), SecretAccessKey: 's' }))`;
    writeFileSync(join(folder, 'bin', 'daypass.mjs'), say);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs this very file, from a folder whose name has spaces, quotes and brackets', () => {
    const line = credentialProcessLine([process.execPath, join(folder, 'bin', 'daypass.mjs')], args);
    const config = join(folder, 'config');
    writeFileSync(config, `[profile orders]\n${line}\nregion = us-east-1\n`);
    const script =
      "import { STSClient } from '@aws-sdk/client-sts'; console.log((await new STSClient({}).config.credentials()).accessKeyId);";
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { HOME: folder, PATH: '/usr/bin:/bin', AWS_CONFIG_FILE: config, AWS_PROFILE: 'orders' },
      encoding: 'utf8',
    });
    expect(said).toBe('credential-process --entitlement orders-admin\n');
  });
});
