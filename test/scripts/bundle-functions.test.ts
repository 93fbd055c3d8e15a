import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { functions } from '#functions/registry.ts';
import { type Bundle, bundleFunctions } from '../../scripts/bundle-functions.ts';

let out: string;
let bundles: Bundle[];
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'daypass-package-'));
  bundles = await bundleFunctions(out);
}, 120_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

it('every function is bundled', () => {
  expect(bundles.map(({ name }) => name).sort()).toEqual(functions.map(({ name }) => name).sort());
});

it('every bundle can be imported with an empty environment, and its handler takes two arguments as Node 24 on Lambda wants', () => {
  const script = bundles.map(({ name, path }) => `[${JSON.stringify(name)}, require(${JSON.stringify(path)}).handler]`);
  const print = `console.log(JSON.stringify([${script}].map(([name, handler]) => [name, typeof handler, handler.length])))`;
  const run = spawnSync(process.execPath, ['-e', print], { env: {}, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toEqual(bundles.map(({ name }) => [name, 'function', 2]));
});

it('the policy lies beside the functions that read it, and only beside those', () => {
  for (const { name, path } of bundles) {
    const reads = functions.find((config) => config.name === name)?.environment.includes('DAYPASS_POLICY');
    expect({ name, there: existsSync(join(dirname(path), 'access.yaml')) }).toEqual({ name, there: reads });
  }
});
