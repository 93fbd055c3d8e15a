import type { Instruction, Program } from './compile.ts';

/** Code points from `from` to before `to`. */
export type Span = { from: number; to: number };

/** At which places what `body` describes ends (looking behind) or begins (looking ahead): one pass for all of them. */
const placesOf = (body: Program, behind: boolean, chars: readonly string[], lookedAt: Places): Uint8Array => {
  const places = new Uint8Array(chars.length + 1);
  let reached = new Set<number>();
  for (let step = 0; step <= chars.length; step++) {
    const at = behind ? step : chars.length - step;
    const char = chars[behind ? at : at - 1];
    const next = new Set<number>();
    // It may begin anywhere.
    reached.add(0);
    for (const pc of reached) {
      const instruction = body[pc];
      if (instruction?.op === 'match') places[at] = 1;
      else if (instruction?.op === 'one') {
        if (char !== undefined && instruction.test(char)) next.add(pc + 1);
      } else for (const to of waysOn(instruction, pc, chars, at, lookedAt)) reached.add(to);
    }
    reached = next;
  }
  return places;
};

type Places = Map<Program, Uint8Array>;

/** Where an instruction that takes no character leads to, the preferred one first. */
const waysOn = (
  instruction: Exclude<Instruction, { op: 'one' | 'match' }> | undefined,
  pc: number,
  chars: readonly string[],
  at: number,
  lookedAt: Places,
): readonly number[] => {
  switch (instruction?.op) {
    case undefined:
      return [];
    case 'split':
      return instruction.to;
    case 'jump':
      return [instruction.to];
    case 'mark':
      return [pc + 1];
    case 'at':
      return instruction.test(chars, at) ? [pc + 1] : [];
    case 'look': {
      const { body, behind, negated } = instruction;
      const places = lookedAt.get(body) ?? placesOf(body, behind, chars, lookedAt);
      lookedAt.set(body, places);
      return (places[at] === 1) !== negated ? [pc + 1] : [];
    }
  }
};

type Job = { pc: number; at: number; marked: { opens?: number; closes?: number } };

/**
 * The first match, as JavaScript finds it: from the leftmost place, by the preferred way. `marked` is where its named
 * group stands. No instruction is followed twice at one place, for whether it leads to a match does not depend on how
 * it was reached; so the work is bounded by instructions times characters. It ends where JavaScript's ends, but for a
 * repetition of what may be nothing: that may be content with less.
 */
export const search = (program: Program, chars: readonly string[]): (Span & { marked?: Span }) | undefined => {
  const lookedAt: Places = new Map();
  const places = chars.length + 1;
  const seen = new Uint8Array(program.length * places);
  for (let from = 0; from < places; from++) {
    const waiting: Job[] = [{ pc: 0, at: from, marked: {} }];
    for (let job = waiting.pop(); job !== undefined; job = waiting.pop()) {
      const { pc, at, marked } = job;
      if (seen[pc * places + at] === 1) continue;
      seen[pc * places + at] = 1;
      const instruction = program[pc];
      if (instruction?.op === 'match') {
        const { opens, closes } = marked;
        const group = opens !== undefined && closes !== undefined && { marked: { from: opens, to: closes } };
        return { from, to: at, ...group };
      }
      if (instruction?.op === 'one') {
        const char = chars[at];
        if (char !== undefined && instruction.test(char)) waiting.push({ pc: pc + 1, at: at + 1, marked });
        continue;
      }
      const on = instruction?.op === 'mark' ? { ...marked, [instruction.side]: at } : marked;
      const ways = waysOn(instruction, pc, chars, at, lookedAt);
      for (const to of ways.toReversed()) waiting.push({ pc: to, at, marked: on });
    }
  }
  return undefined;
};
