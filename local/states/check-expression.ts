import { compile, expressionIn } from './expression.ts';

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Every node of a syntax tree. */
const nodes = function* (value: unknown): Generator<Node> {
  if (!isNode(value)) return;
  if (!Array.isArray(value)) yield value;
  for (const inner of Object.values(value)) yield* nodes(inner);
};

/** What reads the document that Step Functions does not have: a bare field name, `$` or `$$`, before any step. */
const readsRoot = (node: unknown): string | undefined => {
  if (!isNode(node)) return undefined;
  const first = (inner: readonly unknown[]): string | undefined => inner.map(readsRoot).find((found) => found);
  switch (node.type) {
    case 'path': {
      const step = list(node.steps)[0];
      return isNode(step) && step.type === 'name' ? String(step.value) : readsRoot(step);
    }
    case 'variable':
      return node.value === '' ? '$' : node.value === '$' ? '$$' : undefined;
    case 'unary':
      return first([...list(node.expressions), ...list(node.lhs).flatMap(list), node.expression]);
    case 'binary':
    case 'bind':
    case 'apply':
      return first([node.lhs, node.rhs]);
    case 'condition':
      return first([node.condition, node.then, node.else]);
    case 'function':
      return first(list(node.arguments));
    case 'block':
      return first(list(node.expressions));
    default:
      return undefined;
  }
};

const problemsOfSource = (source: string): string[] => {
  let tree: unknown;
  try {
    tree = compile(source).ast();
  } catch (error) {
    return [`is not JSONata: ${error instanceof Error ? error.message : Object(error).message}`];
  }
  const problems: string[] = [];
  for (const node of nodes(tree)) {
    const called = isNode(node.procedure) && node.procedure.type === 'variable' ? node.procedure.value : undefined;
    if (called === 'eval') problems.push('calls $eval, which Step Functions refuses: use $parse');
    if (called === 'now' && list(node.arguments).length > 0) {
      problems.push('calls $now with a picture, which is not implemented: use $fromMillis($millis(), picture)');
    }
  }
  const root = readsRoot(tree);
  if (root)
    problems.push(`reads '${root}' at the top level, where there is no document: start from $states or a variable`);
  return problems;
};

/** The texts of a template, each with where it stands. */
const texts = function* (template: unknown, where: string): Generator<[text: string, where: string]> {
  if (typeof template === 'string') yield [template, where];
  else if (isNode(template)) {
    for (const [key, inner] of Object.entries(template)) yield* texts(inner, `${where}.${key}`);
  }
};

/** Whether a template hands the task token on. */
export const readsToken = (template: unknown): boolean =>
  [...texts(template, '')].some(([text]) => /\bcontext\s*\.\s*Task\b/.test(expressionIn(text) ?? ''));

/** Problems of a field that may hold expressions; `taskToken` says whether they may read `$states.context.Task`. */
export const checkTemplate = (template: unknown, where: string, taskToken = false): string[] => {
  const problems: string[] = [];
  for (const [text, at] of texts(template, where)) {
    const source = expressionIn(text);
    if (source !== undefined) problems.push(...problemsOfSource(source).map((problem) => `${at} ${problem}.`));
    else if (text.startsWith('{%') || text.endsWith('%}')) {
      problems.push(`${at} has only one of the delimiters {% and %}.`);
    }
    if (!taskToken && readsToken(text)) {
      problems.push(`${at} reads the task token, which is there only in the Arguments of a token wait.`);
    }
  }
  return problems;
};
