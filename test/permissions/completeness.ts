import type { Recording, Run } from './recording.ts';

const again = 'Run: npx --no vitest run --project e2e --project permissions';

/**
 * Why these recordings cannot be judged, and what to do; undefined where they can: they are of this vitest run or of
 * exactly this code, and every end-to-end file has come to its end.
 */
export const whatIsMissing = (made: {
  run: Run | undefined;
  recordings: readonly Recording[];
  files: readonly string[];
  vitest: string;
  code: () => string;
}): string | undefined => {
  const { run, recordings, files } = made;
  if (!run) return `The e2e suite has recorded nothing yet, so nobody knows which permissions it uses. ${again}`;
  if (run.vitest !== made.vitest && run.code !== made.code()) {
    return `The recordings are of another version of the code. ${again}`;
  }
  const missing = files.filter((file) => !recordings.some(({ testFile, ended }) => testFile === file && ended));
  if (missing.length === 0) return undefined;
  return `The e2e suite was not run to its end: ${missing.join(', ')} left no whole recording. ${again}`;
};
