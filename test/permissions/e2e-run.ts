import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { digestOfCode } from './code.ts';
import { type Run, recordingFolder, runFile } from './recording.ts';
import { vitestProcess } from './vitest-process.ts';

/** Before the first end-to-end test of a run: nothing of an older run stays. */
export const setup = (): void => {
  rmSync(recordingFolder(), { recursive: true, force: true });
  mkdirSync(recordingFolder(), { recursive: true });
  writeFileSync(runFile(), JSON.stringify({ vitest: vitestProcess(), code: digestOfCode() } satisfies Run));
};
