import { describe, expect, it } from 'vitest';
import { whatIsMissing } from './completeness.ts';

const whole = { testFile: 'grant.test.ts', ended: true, recorded: [], tookMs: {} };
const made = {
  run: { vitest: '1 100', code: 'abc' },
  recordings: [whole],
  files: ['grant.test.ts'],
  vitest: '1 100',
  code: () => 'abc',
};

describe('recordings', () => {
  it('of this very run can be judged, whatever was edited meanwhile', () => {
    expect(whatIsMissing({ ...made, code: () => 'edited' })).toBeUndefined();
  });

  it('of another run can be judged where the code is the same', () => {
    expect(whatIsMissing({ ...made, vitest: '2 200' })).toBeUndefined();
  });

  it('of another run and other code cannot', () => {
    expect(whatIsMissing({ ...made, vitest: '2 200', code: () => 'edited' })).toMatch(
      /^The recordings are of another version of the code\. Run: npx --no vitest run/,
    );
  });

  it('that are not there cannot', () => {
    expect(whatIsMissing({ ...made, run: undefined, recordings: [] })).toMatch(/^The e2e suite has recorded nothing/);
  });

  it('of a part of the suite cannot: the files are named', () => {
    const files = ['alarm.test.ts', 'crash.test.ts', 'grant.test.ts'];
    const recordings = [whole, { testFile: 'crash.test.ts', ended: false, recorded: [], tookMs: {} }];
    expect(whatIsMissing({ ...made, files, recordings })).toMatch(
      /^The e2e suite was not run to its end: alarm\.test\.ts, crash\.test\.ts left no whole recording\./,
    );
  });
});
