import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimFolder } from '#local/node/folder-kind.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daypass-kind-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it.each(['laptop', 'node'] as const)('an empty folder becomes a %s’s, and stays it', (kind) => {
  claimFolder(folder, kind);
  claimFolder(folder, kind);
  expect(statSync(join(folder, 'kind')).mode & 0o077).toBe(0);
  expect(() => claimFolder(folder, kind === 'node' ? 'laptop' : 'node')).toThrow('--data DIR');
});

it('a folder from before there were kinds is the laptop’s, whose administrators have keys to it', () => {
  writeFileSync(join(folder, 'aws.db'), '');
  expect(() => claimFolder(folder, 'node')).toThrow('belongs to the embedded AWS');
  claimFolder(folder, 'laptop');
});
