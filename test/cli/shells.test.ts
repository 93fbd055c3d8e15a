import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { likelyShell, script } from '../../cli/shells.ts';

const of = (env: Record<string, string>, platform: NodeJS.Platform) => {
  const likely = likelyShell(env, platform);
  return 'shell' in likely ? likely.shell : `unknown: ${likely.unknown}`;
};

it.each<[Record<string, string>, NodeJS.Platform, string]>([
  [{ SHELL: '/usr/bin/fish' }, 'linux', 'fish'],
  [{ SHELL: '/bin/zsh' }, 'darwin', 'sh'],
  [{ SHELL: '/usr/bin/bash', MSYSTEM: 'MINGW64' }, 'win32', 'sh'],
  [{ SHELL: 'C:\\Program Files\\Git\\usr\\bin\\bash.exe' }, 'win32', 'sh'],
  [{ MSYSTEM: 'MINGW64' }, 'win32', 'sh'],
  [{ PSModulePath: 'C:\\Modules' }, 'win32', 'powershell'],
  [{}, 'win32', 'powershell'],
  [{ SHELL: '/opt/microsoft/powershell/7/pwsh' }, 'linux', 'powershell'],
  [{ SHELL: '/bin/zsh', PSModulePath: '/usr/local/share/powershell/Modules' }, 'darwin', 'powershell'],
  [{ SHELL: '/bin/tcsh' }, 'linux', 'tcsh'],
  [{ SHELL: '/bin/csh' }, 'linux', 'tcsh'],
  [{ SHELL: '/usr/local/bin/nu' }, 'linux', 'unknown: nu'],
  [{ SHELL: '/bin/bash', NU_VERSION: '0.99.1' }, 'linux', 'unknown: nu'],
  [{ SHELL: '/usr/bin/elvish' }, 'linux', 'unknown: elvish'],
  [{ SHELL: '/usr/sbin/nologin' }, 'linux', 'sh'],
  [{}, 'linux', 'sh'],
])('%j on %s is taken for %s', (env, platform, shell) => {
  expect(of(env, platform)).toBe(shell);
});

it('each shell gets its own way to remove and to set, with what it would obey quoted', () => {
  const lines = (shell: Parameters<typeof script>[0], value: string) =>
    script(shell, { AWS_REGION: value }, ['AWS_PROFILE']);
  expect(lines('sh', "a'b")).toEqual(['unset AWS_PROFILE', "export AWS_REGION='a'\\''b'"]);
  expect(lines('fish', "a'b\\")).toEqual(['set -e AWS_PROFILE', "set -gx AWS_REGION 'a\\'b\\\\'"]);
  expect(lines('tcsh', "a'b!")).toEqual(['unsetenv AWS_PROFILE;', "setenv AWS_REGION 'a'\\''b\\!';"]);
  expect(lines('powershell', "a'b")).toEqual([
    'Remove-Item -ErrorAction SilentlyContinue Env:AWS_PROFILE',
    "$Env:AWS_REGION = 'a''b'",
  ]);
  expect(lines('cmd', 'a+b/c=')).toEqual(['set "AWS_PROFILE="', 'set "AWS_REGION=a+b/c="']);
  for (const value of ['%PATH%', 'a"b', 'a!b', 'a&b', 'a\nb'])
    expect(() => lines('cmd', value)).toThrow('cannot be written for cmd');
});

it('a real sh has exactly these values afterwards, and nothing of what was removed', () => {
  const value = 'a\'b"c$d`e\\f!g';
  const text = script('sh', { AWS_SESSION_TOKEN: value }, ['AWS_PROFILE', 'AWS_NEVER_SET']).join('\n');
  const said = execFileSync(
    '/bin/sh',
    ['-euc', `${text}\nprintf '%s %s' "$AWS_SESSION_TOKEN" "\${AWS_PROFILE-unset}"`],
    {
      env: { AWS_PROFILE: 'other' },
      encoding: 'utf8',
    },
  );
  expect(said).toBe(`${value} unset`);
});
