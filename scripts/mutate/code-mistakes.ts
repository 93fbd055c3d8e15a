import { nodeOf, nodesOf, type Visited } from './syntax.ts';

/** One mistake in a file: what stands where, and what is written there instead. */
export type CodeMistake = {
  kind: string;
  from: number;
  to: number;
  by: string;
  /** Where a probe tells that the code was reached; `undefined` where it is run when the module is loaded. */
  probe: Probe | undefined;
};

/** Before a statement, or around the expression that a function comes to. */
export type Probe = { from: number; to?: number };

const swapped = new Map(
  Object.entries({
    '===': '!==',
    '!==': '===',
    '<': '<=',
    '<=': '<',
    '>': '>=',
    '>=': '>',
    '+': '-',
    '-': '+',
    '*': '/',
    '/': '*',
    '&&': '||',
    '||': '&&',
  }),
);
const swappedCalls = new Map(
  Object.entries({
    some: 'every',
    every: 'some',
    min: 'max',
    max: 'min',
    find: 'findLast',
    findLast: 'find',
  }),
);
const droppedCalls = new Set(['filter', 'toSorted', 'sort', 'toReversed', 'slice', 'trim', 'toLowerCase', 'flat']);
const functionTypes = /^(ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/;

const probeOf = (parents: readonly Visited['node'][], node: Visited['node']): Probe | undefined => {
  const chain = [...parents, node];
  const inside = chain.findLastIndex(({ type }) => functionTypes.test(type));
  if (inside < 0) return undefined;
  const statement = chain.findLastIndex(
    ({ type }, index) =>
      index > inside && /Statement$|Declaration$/.test(type) && chain[index - 1]?.type === 'BlockStatement',
  );
  if (statement > inside) return { from: chain[statement]?.start ?? 0 };
  const body = nodeOf(chain[inside]?.body);
  // In a default of a parameter there is nothing to put a probe before.
  if (!body || body.type === 'BlockStatement' || node.start < body.start) return undefined;
  return { from: body.start, to: body.end };
};

type Replacement = { kind: string; from: number; to: number; by: string };

/** The mistakes that can be made at one node. */
const replacementsAt = ({ node, parents }: Visited, text: string): Replacement[] => {
  const of = (part: unknown): string => {
    const found = nodeOf(part);
    return found ? text.slice(found.start, found.end) : '';
  };
  const whole = (kind: string, by: string): Replacement => ({ kind, from: node.start, to: node.end, by });
  const parent = parents.at(-1);
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const operator = String(node.operator);
      const by = swapped.get(operator);
      const [left, right] = [nodeOf(node.left), nodeOf(node.right)];
      // In parentheses, since it may not stand beside && without.
      if (operator === '??') return [whole('operator ??', `(${of(left)} && ${of(right)})`)];
      if (by === undefined || !left || !right) return [];
      const at = text.indexOf(operator, left.end);
      return [{ kind: `operator ${operator}`, from: at, to: at + operator.length, by }];
    }
    case 'UnaryExpression':
      return node.operator === '!' ? [whole('negation', of(node.argument))] : [];
    case 'ConditionalExpression':
      return [
        whole('always the first', `(${of(node.consequent)})`),
        whole('always the second', `(${of(node.alternate)})`),
      ];
    case 'IfStatement': {
      const test = nodeOf(node.test);
      return test ? ['true', 'false'].map((by) => ({ kind: `if ${by}`, from: test.start, to: test.end, by })) : [];
    }
    case 'ExpressionStatement':
      return nodeOf(node.expression)?.type === 'Literal' ? [] : [whole('statement', ';')];
    case 'AwaitExpression':
      return [whole('await', of(node.argument))];
    case 'Literal': {
      if (parent && (parent.type.startsWith('Import') || parent.type.startsWith('Export'))) return [];
      if (parent?.type === 'Property' && parent.key === node) return [];
      if (typeof node.value === 'number') return [whole('number', String(node.value + 1))];
      if (typeof node.value === 'boolean') return [whole('boolean', String(!node.value))];
      if (typeof node.value === 'string') return [whole('text', node.value === '' ? "'mutated'" : "''")];
      return [];
    }
    case 'TemplateLiteral':
      return parent?.type === 'TaggedTemplateExpression' ? [] : [whole('template', '``')];
    case 'ArrayExpression': {
      const elements = Array.isArray(node.elements) ? node.elements.map(nodeOf) : [];
      const last = elements.at(-1);
      const before = elements.at(-2);
      return last ? [{ kind: 'element', from: before?.end ?? last.start, to: last.end, by: '' }] : [];
    }
    case 'SpreadElement':
      return parent?.type === 'ObjectExpression' ? [whole('spread', '...{}')] : [];
    case 'CallExpression': {
      const callee = nodeOf(node.callee);
      const property = nodeOf(callee?.property);
      const name = String(property?.name ?? '');
      if (callee?.type !== 'MemberExpression' || !property) return [];
      const by = swappedCalls.get(name);
      return [
        ...(droppedCalls.has(name) ? [whole(`call of ${name}`, of(callee.object))] : []),
        ...(by ? [{ kind: `call of ${name}`, from: property.start, to: property.end, by }] : []),
      ];
    }
    default:
      return [];
  }
};

/** Every mistake that these rules can make in a file. */
export const codeMistakes = (file: string, text: string): CodeMistake[] =>
  nodesOf(file, text).flatMap((visited) =>
    replacementsAt(visited, text).map((replacement) => ({
      ...replacement,
      probe: probeOf(visited.parents, visited.node),
    })),
  );
