import { parseSync } from 'oxc-parser';

/** A node as ESTree has it: what it is, where it stands (in UTF-16 units, as JavaScript counts), and its parts. */
export type Node = { type: string; start: number; end: number; [part: string]: unknown };

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

export const nodeOf = (value: unknown): Node | undefined => (isNode(value) ? value : undefined);

/** What only the compiler reads, and what names a module: a mistake there is not one of behaviour. */
const leftOut = /^(TS(?!AsExpression|SatisfiesExpression|NonNullExpression)|Import|ExportAll)/;

/** Each node with those that it stands in, the outermost first. */
export type Visited = { node: Node; parents: readonly Node[] };

const below = (node: Node, parents: readonly Node[]): Visited[] =>
  leftOut.test(node.type)
    ? []
    : [
        { node, parents },
        ...Object.values(node)
          .flatMap((part) => (Array.isArray(part) ? part : [part]))
          .filter(isNode)
          .flatMap((part) => below(part, [...parents, node])),
      ];

/** Every node of a file that is run. Throws where it cannot be parsed. */
export const nodesOf = (file: string, text: string): Visited[] => {
  const { program, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  return below(program as unknown as Node, []);
};
