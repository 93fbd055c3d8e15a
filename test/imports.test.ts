import { expect, it } from 'vitest';
import { circlesIn, importsIn } from './imports.ts';

it.each([
  ["import { a } from '#core/a.ts';", ['core/a.ts']],
  ["import type { A } from '../b.ts';", ['slack/b.ts']],
  ["import a, { type B } from './c.tsx';", ['slack/render/c.tsx']],
  ["import * as a from '#core/a.ts';", ['core/a.ts']],
  ["import {\n  a,\n  type B,\n} from '#core/a.ts';", ['core/a.ts']],
  ["import './side-effect.ts';", ['slack/render/side-effect.ts']],
  ["export * from '../../web/d.ts';", ['web/d.ts']],
  ["export type { A } from '#ports/a.ts';", ['ports/a.ts']],
  ["export { a as b } from '#ports/a.ts';", ['ports/a.ts']],
  ["const a = async () => (await import('#local/a.ts')).a;", ['local/a.ts']],
  ["type A = typeof import(\n  './a.ts'\n);", ['slack/render/a.ts']],
  ["import { a } from 'node:fs';\nimport b from '@slack/bolt';", []],
  ["export const a = 'b';\nimport c from './c.ts';", ['slack/render/c.ts']],
  ["export const from = './a.ts';\nexport type B = 'c' | './d.ts';", []],
  ["// import { a } from '#core/a.ts';", []],
])('%j imports %j', (text, paths) => {
  expect(importsIn(text, 'slack/render/file.ts')).toEqual(paths);
});

it('files that import each other are a circle, however long the way', () => {
  const imports = new Map([
    ['a', ['b', 'x']],
    ['b', ['c']],
    ['c', ['a', 'd']],
    ['d', ['e']],
    ['e', ['d']],
    ['x', ['x']],
    ['y', ['a', 'x']],
  ]);
  expect(circlesIn(imports)).toEqual([['d', 'e'], ['x'], ['a', 'b', 'c']]);
});

it('files that import the same one are no circle', () => {
  expect(
    circlesIn(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
        ['c', []],
      ]),
    ),
  ).toEqual([]);
});
