import { setTimeout as pause } from 'node:timers/promises';
import { wholeLoop } from './loop.ts';
import type { Office } from './people.ts';
import { cpuMs, enginesOf } from './processes.ts';
import { twoDecimals } from './statistics.ts';

type Cpu = { stackMs: number; enginesMs: number };
export type CpuOptions = { rounds: number; loops: number; warmUp: number };

/** No round begins after this long, so that a slow machine gives fewer rounds and not a longer bench. */
const mostSeconds = 240;

/** What follows on the last loop of a round belongs to it. */
const settleMs = 400;

const spentBy = ({ stack }: Office): Cpu => {
  const stackMs = cpuMs(stack.pid);
  if (stackMs === undefined) throw new Error('Only Linux tells what another process spends on a CPU.');
  return { stackMs, enginesMs: enginesOf(stack.pid).reduce((sum, engine) => sum + (cpuMs(engine) ?? 0), 0) };
};

const spentOn = async (office: Office, token: string, loops: number): Promise<Cpu> => {
  const before = spentBy(office);
  for (let loop = 0; loop < loops; loop++) await wholeLoop(office, token);
  await pause(settleMs);
  const after = spentBy(office);
  return { stackMs: after.stackMs - before.stackMs, enginesMs: after.enginesMs - before.enginesMs };
};

/**
 * What a loop costs each stack and its databases, in ms of CPU. The stacks take turns, so that what else runs on the
 * machine meets all of them; loops that are not counted go first, so
 * many that V8 has compiled what there is to compile.
 */
export const cpuPerLoop = async (offices: readonly Office[], { rounds, loops, warmUp }: CpuOptions): Promise<Cpu[]> => {
  const stacks: { office: Office; token: string; spent: Cpu[] }[] = [];
  for (const office of offices) stacks.push({ office, token: await office.login('U0ALICE'), spent: [] });
  for (const { office, token } of stacks) await spentOn(office, token, warmUp);
  const startedAt = performance.now();
  for (let round = 0; round < rounds && performance.now() - startedAt < mostSeconds * 1000; round++) {
    for (const { office, token, spent } of stacks) spent.push(await spentOn(office, token, loops));
  }
  return stacks.map(({ spent }) => {
    const mean = (of: keyof Cpu): number =>
      twoDecimals(spent.reduce((sum, one) => sum + one[of], 0) / spent.length / loops);
    return { stackMs: mean('stackMs'), enginesMs: mean('enginesMs') };
  });
};
