import { expect, inject, it } from 'vitest';
import { functions } from '#functions/registry.ts';
import { arns, roleArnOfFunction } from '#local/world.ts';
import { changePermissions } from '../changed.ts';
import { digestOfCode, endToEndFiles } from '../code.ts';
import { whatIsMissing } from '../completeness.ts';
import { readRecordings, readRun } from '../recording.ts';
import { judge } from '../verdict.ts';

changePermissions();

it('every permission of every function is exact, and the end-to-end suite needs it', () => {
  const recordings = readRecordings();
  const missing = whatIsMissing({
    run: readRun(),
    recordings,
    files: endToEndFiles(),
    vitest: inject('vitestProcess'),
    code: digestOfCode,
  });
  // Not by a matcher, which would cut the sentences short.
  if (missing !== undefined) expect.fail(missing);
  const recorded = recordings.flatMap((recording) => recording.recorded);
  const problems = judge({ functions, arns, roleArnOf: roleArnOfFunction, recorded });
  if (problems.length > 0) expect.fail(problems.join('\n'));
});
