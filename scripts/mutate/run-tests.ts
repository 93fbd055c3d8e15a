import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

type Report = {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
};

export type Run = {
  /** From the root. */
  files: readonly string[];
  preload?: string;
  timeoutMs: number;
  bail: boolean;
};

/** The tests that fail, by name. A run that takes too long, or that does not come to an end, is one failure. */
export const runTests = async (copy: string, { files, preload, timeoutMs, bail }: Run): Promise<string[]> => {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const args = [
    join(copy, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...(bail ? ['--bail=1'] : []),
    '--reporter=json',
    `--outputFile=${report}`,
    ...files,
  ];
  const child = spawn(process.execPath, args, {
    cwd: copy,
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, CI: 'true', ...(preload && { NODE_OPTIONS: `--import=${preload}` }) },
  });
  const code = await new Promise<number | null>((done) => {
    const timer = setTimeout(() => done(null), timeoutMs);
    child.once('exit', (status) => {
      clearTimeout(timer);
      done(status);
    });
  });
  // The whole group: a test that is stuck may have started others.
  if (child.pid !== undefined) {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
  if (code === 0) return [];
  if (code === null) return [`no end after ${timeoutMs / 1000} s`];
  if (!existsSync(report)) return ['the run itself'];
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const failed = testResults.flatMap(({ name, status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName);
    const path = name.slice(copy.length + 1);
    if (tests.length > 0) return tests.map((test) => `${path}: ${test}`);
    return status === 'failed' ? [`${path}: cannot be loaded`] : [];
  });
  return failed.length > 0 ? failed : ['the run itself'];
};
