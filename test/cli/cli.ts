import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileCache } from '#test/kit/compile-cache.ts';

const launcher = join(import.meta.dirname, '../../cli/bin/daypass.js');

export type Ran = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

export type Running = {
  child: ChildProcess;
  /** Resolves with everything on stdout as soon as it contains the text; rejects if the process ends without it. */
  said(text: string): Promise<string>;
  ended: Promise<Ran>;
};

export type Options = { env?: Readonly<Record<string, string>>; cwd?: string };

/** A home for the CLI's files, and what removes it. */
export const temporaryHome = (): { home: string; remove: () => void } => {
  const home = mkdtempSync(join(tmpdir(), 'daypass-cli-'));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
};

/** Starts the real CLI, with nothing in its environment but what is given. */
export const start = (args: readonly string[], { env = {}, cwd }: Options = {}): Running => {
  const child = spawn(process.execPath, [launcher, ...args], {
    env: { PATH: process.env.PATH, ...compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const said = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(text)) resolve(stdout);
      };
      listeners.add(look);
      look();
      ended.then((ran) => reject(new Error(`ended without ${text}: ${JSON.stringify(ran)}`)), reject);
    });
  return { child, said, ended };
};

export const run = (args: readonly string[], options?: Options): Promise<Ran> => start(args, options).ended;
