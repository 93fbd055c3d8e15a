import { parseSync } from 'oxc-parser';

type Node = { type: string; [part: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** `it`, `test`, `it.each(table)`: the words of a call's callee, outermost last; of one that runs nothing, none. */
const words = (callee: unknown): string[] => {
  if (!isNode(callee)) return [];
  if (callee.type === 'Identifier') return [String(callee.name)];
  if (callee.type === 'MemberExpression') return [...words(callee.object), ...words(callee.property)];
  return callee.type === 'CallExpression' ? words(callee.callee) : [];
};

const showsNothing = ['fails', 'skip', 'todo'];

const isTest = (callee: unknown): boolean => {
  const [name = '', ...modifiers] = words(callee);
  return ['it', 'test'].includes(name) && !modifiers.some((modifier) => showsNothing.includes(modifier));
};

const parts = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** What a test is called, `%s` and `$name` as they stand, and … where something is put in. */
const written = (argument: unknown): string[] => {
  if (!isNode(argument)) return [];
  if (argument.type === 'Literal' && typeof argument.value === 'string') return [argument.value];
  if (argument.type !== 'TemplateLiteral') return [];
  return [
    parts(argument.quasis)
      .map((quasi) => (quasi as { value: { cooked: string } }).value.cooked)
      .join('…'),
  ];
};

const below = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(below);
  if (!isNode(value)) return [];
  const found = value.type === 'CallExpression' && isTest(value.callee) ? written(parts(value.arguments)[0]) : [];
  return [...found, ...Object.values(value).flatMap(below)];
};

/** The names of a file's tests, but for those that do not have to pass. Throws where it cannot be parsed. */
export const titlesIn = (file: string, text: string): string[] => {
  const { program, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  return below(program);
};
