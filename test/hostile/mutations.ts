import fc from 'fast-check';
import { type Change, changedAt, placesIn, type Tree, treeOf } from './tree.ts';

/** One change of one place, said so that a failure can be read. `place` counts round. */
export type Mutation = { place: number; how: How };
type How =
  | { do: 'drop' }
  | { do: 'replace'; by: Tree }
  | { do: 'twice'; other: Tree; first: boolean }
  | { do: 'rename'; to: string }
  | { do: 'beside'; name: string; value: Tree }
  | { do: 'into list' }
  | { do: 'into object'; name: string }
  | { do: 'many'; times: number }
  | { do: 'before' | 'after'; text: string }
  | { do: 'case' };

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length', ''];
/** By which Bolt and Daypass tell what a payload is. */
const telling = [
  'type',
  'command',
  'event',
  'actions',
  'name',
  'view',
  'user',
  'team',
  'payload',
  'ssl_check',
  'value',
];

const bits = [
  '\ud835',
  '\udc00',
  '\u0000',
  '\n',
  ' ',
  '\u202e',
  '\u2028',
  '𝕏',
  'İ',
  "'",
  '<!channel>',
  '#',
  '.',
  '%00',
];
const texts = ['', ' ', '<@U0STRANGER>', '../..', '${x}', 'null', '[object Object]', '0', '-1', '1e9h', ...bits];
const deep = (depth: number): Tree => ({ raw: `${'['.repeat(depth)}${']'.repeat(depth)}` });
const deepObject = (depth: number): Tree => ({ raw: `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` });
const numbers = ['1e999', '-1e999', '-0', '9007199254740993', '123456789012345678901234567890', '0.1', '1e-400', '-1'];

const anyValue = (ids: readonly string[]): fc.Arbitrary<Tree> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ids) },
    { weight: 3, arbitrary: fc.constantFrom(...texts) },
    { weight: 2, arbitrary: fc.constantFrom<Tree>(null, true, false, 0, 1, -1) },
    { weight: 2, arbitrary: fc.constantFrom(...numbers).map((raw) => ({ raw })) },
    { weight: 1, arbitrary: fc.constantFrom(200, 3_000, 20_000, 120_000).map((length) => 'x'.repeat(length)) },
    { weight: 1, arbitrary: fc.constantFrom(deep(50), deep(6_000), deep(60_000), deepObject(6_000)) },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom<unknown>([], {}, [null], [[]], { id: null }, { id: {} }, [{}], { value: [] })
        .map(treeOf),
    },
    { weight: 1, arbitrary: fc.constantFrom(...names).map((name): Tree => ({ members: [[name, { members: [] }]] })) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }).map(treeOf) },
  );

const anyHow = (ids: readonly string[]): fc.Arbitrary<How> => {
  const value = anyValue(ids);
  const name = fc.constantFrom(...names, ...telling);
  return fc.oneof(
    { weight: 5, arbitrary: value.map((by): How => ({ do: 'replace', by })) },
    { weight: 2, arbitrary: fc.constant<How>({ do: 'drop' }) },
    {
      weight: 2,
      arbitrary: fc.tuple(value, fc.boolean()).map(([other, first]): How => ({ do: 'twice', other, first })),
    },
    { weight: 1, arbitrary: name.map((to): How => ({ do: 'rename', to })) },
    { weight: 2, arbitrary: fc.tuple(name, value).map(([name, value]): How => ({ do: 'beside', name, value })) },
    { weight: 1, arbitrary: fc.constant<How>({ do: 'into list' }) },
    { weight: 1, arbitrary: name.map((name): How => ({ do: 'into object', name })) },
    { weight: 1, arbitrary: fc.constantFrom(2, 3, 300).map((times): How => ({ do: 'many', times })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('before' as const, 'after' as const), fc.constantFrom(...bits, 'x'.repeat(3_000)))
        .map(([where, text]): How => ({ do: where, text })),
    },
    { weight: 1, arbitrary: fc.constant<How>({ do: 'case' }) },
  );
};

/** `ids` are those of other things, which may stand anywhere. */
export const anyMutation = (ids: readonly string[]): fc.Arbitrary<Mutation> =>
  fc.record({ place: fc.nat(400), how: anyHow(ids) });

const change =
  (how: How): Change =>
  ({ name, value }) => {
    switch (how.do) {
      case 'drop':
        return [];
      case 'replace':
        return [[name, how.by]];
      case 'twice':
        return how.first
          ? [
              [name, how.other],
              [name, value],
            ]
          : [
              [name, value],
              [name, how.other],
            ];
      case 'rename':
        return [[how.to, value]];
      case 'beside':
        return [
          [name, value],
          [how.name, how.value],
        ];
      case 'into list':
        return [[name, { items: [value] }]];
      case 'into object':
        return [[name, { members: [[how.name, value]] }]];
      case 'many':
        return Array.from({ length: how.times }, () => [name, value] as const);
      case 'before':
        return [[name, typeof value === 'string' ? how.text + value : how.text]];
      case 'after':
        return [[name, typeof value === 'string' ? value + how.text : how.text]];
      case 'case':
        return [[name, typeof value === 'string' ? value.toLowerCase() : value]];
    }
  };

/** The tree with one change after the other. */
export const mutated = (tree: Tree, mutations: readonly Mutation[]): Tree =>
  mutations.reduce<Tree>(
    (now, { place, how }) => changedAt(now, place % placesIn(now), change(how))[0]?.[1] ?? null,
    tree,
  );
