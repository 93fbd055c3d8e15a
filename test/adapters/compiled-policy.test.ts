import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compiledPolicy } from '#adapters/compiled-policy.ts';
import { readPolicy } from '#core/policy/read.ts';
import { sampleText } from '#test/kit/policy.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daypass-compiled-'));
  path = join(folder, 'access.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a policy loses nothing on its way through the package', async () => {
  const read = readPolicy(sampleText);
  if (!read.ok) throw new Error('The sample policy must be readable.');
  writeFileSync(path, JSON.stringify(read.policy));
  expect(await compiledPolicy(path).current()).toEqual(read.policy);
});

it.each([
  ['absent', undefined],
  ['cut off', '{"digest":"'],
])('one that is %s is said to be packaged again', async (_, text) => {
  if (text !== undefined) writeFileSync(path, text);
  await expect(compiledPolicy(path).current()).rejects.toMatchObject({
    name: 'PolicyUnreadable',
    message: `The access policy ${path} that was deployed with this function cannot be read. Package it again and deploy it.`,
  });
});
