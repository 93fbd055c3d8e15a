import { exits, Failure } from './failure.ts';
import type { Env } from './home.ts';

export const shells = ['sh', 'fish', 'tcsh', 'powershell', 'cmd'] as const;
export type Shell = (typeof shells)[number];

const byProgram: Readonly<Record<string, Shell>> = {
  sh: 'sh',
  ash: 'sh',
  bash: 'sh',
  dash: 'sh',
  ksh: 'sh',
  mksh: 'sh',
  zsh: 'sh',
  busybox: 'sh',
  // Whoever may not log in at all.
  false: 'sh',
  nologin: 'sh',
  fish: 'fish',
  csh: 'tcsh',
  tcsh: 'tcsh',
  pwsh: 'powershell',
  powershell: 'powershell',
};

/** `bash` of `/usr/bin/bash` and of `C:\Program Files\Git\usr\bin\bash.exe`. */
const programOf = (path: string): string => (path.split(/[/\\]/).at(-1) ?? '').replace(/\.exe$/i, '').toLowerCase();

/**
 * The shell that is probably there to read it, or what it is called where it is none of ours. SHELL is the one that
 * somebody logs in with, so what other shells tell their children goes before it; on Windows it is there only under
 * those that came from Unix, of which MSYSTEM tells too.
 */
export const likelyShell = (
  env: Env,
  platform: NodeJS.Platform = process.platform,
): { shell: Shell } | { unknown: string } => {
  if (env.NU_VERSION) return { unknown: 'nu' };
  if (platform !== 'win32' && env.PSModulePath) return { shell: 'powershell' };
  if (env.SHELL) {
    const program = programOf(env.SHELL);
    const shell = byProgram[program];
    return shell ? { shell } : { unknown: program };
  }
  if (platform === 'win32') return { shell: env.MSYSTEM ? 'sh' : 'powershell' };
  return { shell: 'sh' };
};

type Dialect = { set(name: string, value: string): string; unset(name: string): string };

/** `cmd` knows no way to write these that holds everywhere. */
const plainForCmd = (name: string, value: string): string => {
  if (!/["%!^&|<>\p{Cc}]/u.test(value)) return value;
  const hint = 'Use `--shell powershell`, or run the command by `exec`.';
  throw new Failure(exits.usage, 'unquotable-value', `The value of ${name} cannot be written for cmd.`, hint);
};

const dialects: Readonly<Record<Shell, Dialect>> = {
  sh: {
    set: (name, value) => `export ${name}='${value.replaceAll("'", "'\\''")}'`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, '\\$&')}'`,
    unset: (name) => `set -e ${name}`,
  },
  // Its backquotes turn the ends of lines into spaces, and its quotes do not keep `!` from the history.
  tcsh: {
    set: (name, value) => `setenv ${name} '${value.replaceAll("'", "'\\''").replaceAll('!', '\\!')}';`,
    unset: (name) => `unsetenv ${name};`,
  },
  powershell: {
    set: (name, value) => `$Env:${name} = '${value.replaceAll("'", "''")}'`,
    unset: (name) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`,
  },
  cmd: {
    set: (name, value) => `set "${name}=${plainForCmd(name, value)}"`,
    unset: (name) => `set "${name}="`,
  },
};

/** Lines that a shell evaluates: what would get in the way is removed, then these are set. */
export const script = (
  shell: Shell,
  variables: Readonly<Record<string, string>>,
  unset: readonly string[],
): string[] => [
  ...unset.map((name) => dialects[shell].unset(name)),
  ...Object.entries(variables).map(([name, value]) => dialects[shell].set(name, value)),
];
