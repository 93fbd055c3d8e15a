import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Asked } from '#local/aws/iam/authorized.ts';

/** What a test made a role ask for. */
export type Recorded = Asked & { test: string };

/** Where the end-to-end suite writes what it used. A try with a changed configuration writes elsewhere. */
export const recordingFolder = (): string => process.env.DAYPASS_TEST_RECORDINGS ?? join('coverage', 'permissions');

/** Names the file that the children of a test write to. */
export const childVariable = 'DAYPASS_TEST_CHILD_RECORDING';

/** A recording is one line per thing asked, and this line once its test file has ended. */
type Ended = { ended: true; tookMs: Readonly<Record<string, number>> };

export type Run = {
  /** The vitest process that made the recordings. */
  vitest: string;
  /** The code that was run: see `digestOfCode`. */
  code: string;
};

const ending = '.jsonl';
export const recordingOf = (testFile: string): string => join(recordingFolder(), `${basename(testFile)}${ending}`);
export const runFile = (): string => join(recordingFolder(), 'run.json');

export const appendLine = (file: string, line: Recorded | Asked | Ended): void => {
  mkdirSync(recordingFolder(), { recursive: true });
  appendFileSync(file, `${JSON.stringify(line)}\n`);
};

const linesOf = (file: string): unknown[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown)
    : [];

/** What the children of a test said so far; one of them may be writing a line just now. */
export const askedIn = (file: string): Asked[] => {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return whole.filter((line) => line !== '').map((line) => JSON.parse(line) as Asked);
};

/** By test file: what was recorded, and whether the file came to its end. */
export type Recording = {
  testFile: string;
  ended: boolean;
  recorded: readonly Recorded[];
  /** How long each test took, by its name. */
  tookMs: Readonly<Record<string, number>>;
};

export const readRecordings = (): Recording[] => {
  if (!existsSync(recordingFolder())) return [];
  return readdirSync(recordingFolder())
    .filter((name) => name.endsWith(`.test.ts${ending}`))
    .map((name) => {
      const lines = linesOf(join(recordingFolder(), name)) as (Recorded | Ended)[];
      const ended = lines.find((line) => 'ended' in line);
      return {
        testFile: name.slice(0, -ending.length),
        ended: ended !== undefined,
        tookMs: ended?.tookMs ?? {},
        recorded: lines.filter((line): line is Recorded => !('ended' in line)),
      };
    });
};

export const readRun = (): Run | undefined => linesOf(runFile())[0] as Run | undefined;
