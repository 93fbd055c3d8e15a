import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from './cli.ts';

const verbs = [
  'login',
  'logout',
  'whoami',
  'entitlements',
  'list',
  'request',
  'extend',
  'done',
  'cancel',
  'exec',
  'env',
  'credential-process',
];
const nowhere = { DAYPASS_HOME: '/nonexistent/daypass' };

describe('--help', () => {
  it('names every command and every exit code', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'));
    for (const exit of ['0 ok', '3 denied', '4 still waiting', '5 not found', '6 not logged in', '130 interrupted']) {
      expect(stdout).toContain(exit);
    }
  });

  for (const verb of verbs) {
    it(`of ${verb} has an example`, async () => {
      const { code, stdout } = await run([verb, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain('--json');
      expect(stdout).toMatch(new RegExp(`Examples:\\n  \\$ .*${verb}`));
    });
  }
});

it('nothing at all is a usage error that shows the help', async () => {
  const { code, stdout, stderr } = await run([]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Usage: daypass');
});

it('a mistyped command or option is 2 and gets a suggestion', async () => {
  expect(await run(['lst'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('Did you mean list?'),
  });
  expect(await run(['list', '--jsn'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--json') });
});

it('a mistake in a command points to the help of that command', async () => {
  for (const [args, help] of [
    [['request', 'orders-admin', '30m'], 'See `daypass request --help`.'],
    [['request', '--duration', '30m'], 'See `daypass request --help`.'],
    [['policy'], 'See `daypass policy --help`.'],
    [['slack', 'manifest', '--nosuch'], 'See `daypass slack manifest --help`.'],
    [['lst'], 'See `daypass --help`.'],
  ] as const) {
    expect((await run([...args])).stderr).toContain(help);
  }
});

it('--json tells of a usage error on stdout, wherever it stands', async () => {
  for (const args of [
    ['--json', 'lst'],
    ['lst', '--json'],
  ]) {
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'usage', message: "Unknown command 'lst'" } });
  }
});

it('without an address it says how to give one', async () => {
  const { code, stderr } = await run(['login'], { env: nowhere });
  expect(code).toBe(2);
  expect(stderr).toContain('daypass login --api URL');
});

it('an address that would carry the login in the clear, or is none, is refused before anything is sent', async () => {
  for (const address of [
    'http://daypass.example.com',
    'ftp://127.0.0.1',
    'daypass',
    'https://a:b@daypass.example.com',
    'http://127.0.0.1.example.com',
  ]) {
    expect((await run(['login', '--api', address], { env: nowhere })).code).toBe(2);
  }
});

it('without a login it is 6', async () => {
  const { code, stderr } = await run(['list', '--api', 'http://127.0.0.1:9'], { env: nowhere });
  expect(code).toBe(6);
  expect(stderr).toContain('Run `daypass login`.');
});

it('no mistake of a person shows how we are made', async () => {
  for (const args of [['lst'], ['done'], ['exec'], ['login', '--api', '::'], ['env', '--shell', 'x']]) {
    const { code, stderr } = await run(args, { env: nowhere });
    expect({ args, code, stderr }).toEqual({
      args,
      code: expect.any(Number),
      stderr: expect.stringMatching(/[a-z]{3}/),
    });
    expect(code).toBeGreaterThan(0);
    expect(stderr).not.toMatch(/\bat .*\.(ts|js):\d+/);
    expect(stderr).not.toContain('node:');
  }
});

it('the version is that of the package', async () => {
  const { stdout } = await run(['--version']);
  const own = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
  expect(stdout).toBe(`${own.version}\n`);
});

describe('under an old Node', () => {
  const launcher = readFileSync(join(import.meta.dirname, '../../cli/bin/daypass.js'), 'utf8');
  /** The launcher in a clone of its own, made to believe that this Node is an old one. */
  const launch = (own: string | undefined, args: string[]) => {
    const clone = mkdtempSync(join(tmpdir(), 'daypass-clone-'));
    try {
      const bin = join(clone, 'cli/bin');
      spawnSync('mkdir', ['-p', bin, join(clone, 'node_modules/.bin')]);
      writeFileSync(join(bin, 'package.json'), '{"type":"module"}');
      writeFileSync(join(bin, 'daypass.js'), launcher.replace('process.versions.node.split', '"20.1.0".split'));
      if (own !== undefined) writeFileSync(join(clone, 'node_modules/.bin/node'), own, { mode: 0o755 });
      return spawnSync(process.execPath, [join(bin, 'daypass.js'), ...args], { encoding: 'utf8' });
    } finally {
      rmSync(clone, { recursive: true, force: true });
    }
  };

  it("the project's own Node takes over, with the same arguments, and its exit code is ours", () => {
    const { status, stdout } = launch('#!/bin/sh\nshift\nprintf "%s|" "$@"\nexit 5\n', ['list', '--json', 'a b']);
    expect([status, stdout]).toEqual([5, 'list|--json|a b|']);
  });

  it('without one it says what is needed', () => {
    const { status, stdout, stderr } = launch(undefined, ['list']);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('needs Node 24 or newer');
    expect(stderr).toContain('npm run check');
  });
});
