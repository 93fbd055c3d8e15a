import { type Node, parse } from './parse.ts';

export type Instruction =
  | { op: 'one'; test: (char: string) => boolean }
  | { op: 'at'; test: (chars: readonly string[], at: number) => boolean }
  /** `body` is read from left to right where it looks `behind`, and else from right to left. */
  | { op: 'look'; body: Program; behind: boolean; negated: boolean }
  /** `to[0]` is preferred. */
  | { op: 'split'; to: readonly [number, number] }
  | { op: 'jump'; to: number }
  | { op: 'mark'; side: 'opens' | 'closes' }
  | { op: 'match' };

export type Program = readonly Instruction[];

/** Counted repetitions are written out. With a reason's 500 characters this bounds what a search does. */
export const mostInstructions = 3_000;

/** The pattern is longer than that. */
export class TooLong extends Error {}

type Direction = 'forwards' | 'backwards';

/** Throws `TooLong`, and what `parse` throws. */
export const compile = (source: string): Program => {
  let instructions = 0;

  const program = (root: Node, direction: Direction): Program => {
    const written: Instruction[] = [];
    const add = (instruction: Instruction): number => {
      instructions += 1;
      if (instructions > mostInstructions) throw new TooLong();
      return written.push(instruction) - 1;
    };
    /** A choice whose second way leads to where `close` is called. */
    const choice = (lazy: boolean): { close: () => void } => {
      const split = add({ op: 'jump', to: 0 });
      return {
        close: () => {
          const [into, past] = [split + 1, written.length];
          written[split] = { op: 'split', to: lazy ? [past, into] : [into, past] };
        },
      };
    };

    const write = (node: Node): void => {
      switch (node.kind) {
        case 'one':
          return void add({ op: 'one', test: node.test });
        case 'at':
          return void add({ op: 'at', test: node.test });
        case 'look': {
          const body = program(node.node, node.behind ? 'forwards' : 'backwards');
          return void add({ op: 'look', body, behind: node.behind, negated: node.negated });
        }
        case 'seq': {
          const inOrder = direction === 'forwards' ? node.nodes : node.nodes.toReversed();
          for (const each of inOrder) write(each);
          return;
        }
        case 'any':
          writeAny(node.nodes);
          return;
        case 'repeat':
          writeRepeat(node);
          return;
        case 'mark': {
          add({ op: 'mark', side: 'opens' });
          write(node.node);
          return void add({ op: 'mark', side: 'closes' });
        }
      }
    };

    const writeAny = (nodes: readonly Node[]): void => {
      const ends: number[] = [];
      nodes.forEach((node, index) => {
        const last = index === nodes.length - 1;
        const other = last ? undefined : choice(false);
        write(node);
        if (!last) ends.push(add({ op: 'jump', to: 0 }));
        other?.close();
      });
      for (const end of ends) written[end] = { op: 'jump', to: written.length };
    };

    const writeRepeat = ({ node, min, max, lazy }: Extract<Node, { kind: 'repeat' }>): void => {
      for (let time = 0; time < min; time++) write(node);
      if (max === Number.POSITIVE_INFINITY) {
        const again = written.length;
        const leave = choice(lazy);
        write(node);
        add({ op: 'jump', to: again });
        leave.close();
        return;
      }
      const leaves: { close: () => void }[] = [];
      for (let time = min; time < max; time++) {
        leaves.push(choice(lazy));
        write(node);
      }
      for (const { close } of leaves) close();
    };

    write(root);
    add({ op: 'match' });
    return written;
  };

  return program(parse(source), 'forwards');
};
