import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readPolicy } from '#core/policy/read.ts';

it('nobody has the id that the audit writes of what no person did', () => {
  const text = readFileSync('access.yaml', 'utf8');
  const read = readPolicy(text.replace('  dave:\n', '  daypass:\n'));
  expect(read).toMatchObject({
    ok: false,
    problems: [{ path: 'people.daypass', message: expect.stringContaining('Nobody can have the id daypass') }],
  });
  expect(readPolicy(text.replace('  dave:\n', '  daypass-dave:\n')).ok).toBe(true);
});
