import { cut } from '#core/clip.ts';
import { AwsError } from '../service.ts';

/** The Query protocol's request: a form whose dotted names unfold into lists and structures. */

const malformedInput = (message: string): AwsError => new AwsError('MalformedInput', message, 400);

const numbers = new Set(['DurationSeconds', 'MaxSessionDuration', 'MaxItems']);
const lists = new Set(['Tags', 'TransitiveTagKeys', 'TagKeys', 'PolicyArns', 'ProvidedContexts']);
const deepest = 8;
const mostNames = 2000;

type Node = Map<string, Node | string>;

const put = (root: Node, name: string, value: string): void => {
  const steps = name.split('.');
  const sound = steps.length <= deepest && steps.every((step) => /^(?:[A-Za-z][A-Za-z0-9]*|[1-9]\d{0,4})$/.test(step));
  if (!sound) throw malformedInput(`The parameter name ${cut(name, 80)} is not of the Query protocol.`);
  let node = root;
  for (const step of steps.slice(0, -1)) {
    const next = node.get(step) ?? new Map<string, Node | string>();
    if (typeof next === 'string') throw malformedInput(`The parameter ${name} is both a value and a structure.`);
    node.set(step, next);
    node = next;
  }
  const last = steps.at(-1) ?? '';
  if (node.has(last)) throw malformedInput(`The parameter ${name} is given twice.`);
  node.set(last, value);
};

/** `member.N` makes a list, in the order of N; anything else is a structure. */
const unfold = (node: Node): unknown => {
  const members = node.get('member');
  if (members instanceof Map && node.size === 1) {
    return [...members]
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, item]) => (typeof item === 'string' ? item : unfold(item)));
  }
  return Object.fromEntries([...node].map(([name, item]) => [name, leafOr(name, item)]));
};

const leafOr = (name: string, item: Node | string): unknown => {
  if (typeof item !== 'string') return unfold(item);
  if (item === '' && lists.has(name)) return [];
  return numbers.has(name) && /^-?\d{1,12}$/.test(item) ? Number(item) : item;
};

export type QueryRequest = { action: string; version: string | undefined; input: Record<string, unknown> };

/** `form` is the body of a POST, or the query string of a GET. Throws MalformedInput and MissingAction. */
export const readQuery = (form: string): QueryRequest => {
  const root: Node = new Map();
  const pairs = [...new URLSearchParams(form)].filter(([name]) => !name.startsWith('X-Amz-'));
  if (pairs.length > mostNames) throw malformedInput(`More than ${mostNames} parameters in one request.`);
  let action: string | undefined;
  let version: string | undefined;
  for (const [name, value] of pairs) {
    if (name === 'Action') action = value;
    else if (name === 'Version') version = value;
    else put(root, name, value);
  }
  if (!action)
    throw new AwsError('MissingAction', 'The request is missing an action. Name one in the parameter Action.', 400);
  const input = unfold(root);
  return {
    action,
    version,
    input: typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {},
  };
};
