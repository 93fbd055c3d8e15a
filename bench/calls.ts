import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '#test/kit/until.ts';
import { besideTargets, medianOf } from './call-targets.ts';
import { callsOf, type FlowName, type Flows, flowNames, flowOf } from './counted-calls.ts';
import { type CpuOptions, cpuPerLoop } from './cpu-per-loop.ts';
import { approved, clickDone, type Live, minted, untilButton, wholeLoop } from './loop.ts';
import { checkOutOldCode, oldCommit } from './old-code.ts';
import { inOffice, type Office } from './people.ts';
import type { RecordedCall } from './recorded-call.ts';
import { type Command, callsFileIn, repository, startStackProcess } from './stack-process.ts';
import { twoDecimals } from './statistics.ts';

const recorder = join(import.meta.dirname, 'record-calls.ts');

/** A stack that makes no call for this long has done what it was asked. */
const quietMs = 400;

/** The new code's CPU per loop as a share of the old code's. */
const ratioAtMost = 0.6;

const inOfficeOf = <T>(folder: string, use: (office: Office) => Promise<T>, counts: boolean): Promise<T> => {
  const command: Command = [
    process.execPath,
    ...(counts ? ['--import', recorder] : []),
    join(folder, 'local', 'main.ts'),
  ];
  return inOffice(use, { start: (options) => startStackProcess(command, { ...options, folder }) });
};

/** What the stack has called so far. */
const recorded = ({ stack }: Office): string[] =>
  readFileSync(callsFileIn(stack.dataFolder), { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);

/** What the stack has called by the time at which it is quiet. */
const whenQuiet = async (office: Office): Promise<string[]> => {
  let last = recorded(office);
  let sinceMs = performance.now();
  return until(
    'the stack to be quiet',
    () => {
      const now = recorded(office);
      if (now.length !== last.length) sinceMs = performance.now();
      last = now;
      return performance.now() - sinceMs >= quietMs ? last : undefined;
    },
    20,
  );
};

/**
 * Calls by flow, of each of so many loops after one that is not counted. The holder's own calls are not the stack's.
 */
const countFlows = async (office: Office, loops: number): Promise<Flows[]> => {
  const token = await office.login('U0ALICE');
  await wholeLoop(office, token);
  const all: Flows[] = [];
  let calls: Record<FlowName, RecordedCall[]>;
  const during = async <T>(flow: FlowName, act: () => Promise<T>): Promise<T> => {
    const before = (await whenQuiet(office)).length;
    const result = await act();
    const after = await whenQuiet(office);
    calls[flow].push(...after.slice(before).map((line) => JSON.parse(line) as RecordedCall));
    return result;
  };
  for (let loop = 0; loop < loops; loop++) {
    calls = { ask: [], approve: [], mint: [], end: [] };
    const asked = await during('ask', () => office.ask('U0ALICE', 'orders-admin 30m'));
    await during('approve', () => approved(office, asked));
    const live: Live = await during('mint', () => minted(office, token, asked));
    await untilButton(live);
    await during('end', async () => {
      await clickDone(office, live);
      await office.stack.heard('grant.ended', live.id);
    });
    all.push(Object.fromEntries(flowNames.map((flow) => [flow, flowOf(calls[flow])])) as Flows);
  }
  return all;
};

/** Calls by flow, of each of so many loops of the code in this folder on a stack of its own. */
export const flowsOf = (folder: string, loops: number): Promise<Flows[]> =>
  inOfficeOf(folder, (office) => countFlows(office, loops), true);

/** Both stacks are up at the same time where there are two; without the old one there is nothing to compare. */
const compareCpu = (oldFolder: string | undefined, options: CpuOptions) =>
  inOfficeOf(
    repository,
    async (now) => {
      if (oldFolder === undefined) return { ...options, newPerLoop: (await cpuPerLoop([now], options))[0] };
      const both = await inOfficeOf(oldFolder, (before) => cpuPerLoop([now, before], options), false);
      const [newPerLoop, oldPerLoop] = both;
      const ratio = twoDecimals((newPerLoop?.stackMs ?? Number.NaN) / (oldPerLoop?.stackMs ?? Number.NaN));
      return { ...options, newPerLoop, oldPerLoop, ratio, target: { ratioAtMost, met: ratio <= ratioAtMost } };
    },
    false,
  );

/** With the flows of a loop that needs as many calls as the median of them. */
const withTargets = (loops: readonly Flows[]) => ({
  loops: loops.length,
  targets: besideTargets(loops),
  flows: loops.find((flows) => callsOf(flows) === medianOf(loops.map(callsOf))),
});

/** What a loop calls and what CPU it costs, beside the code of `oldCommit` where the history still has it. */
export const calls = async ({ counted, ...cpuOptions }: { counted: number } & CpuOptions) => {
  const now = withTargets(await flowsOf(repository, counted));
  let old: ReturnType<typeof checkOutOldCode>;
  try {
    old = checkOutOldCode();
  } catch (error) {
    const why = `${oldCommit} cannot be checked out: ${error instanceof Error ? error.message : String(error)}`;
    return { new: now, old: why, cpu: await compareCpu(undefined, cpuOptions) };
  }
  try {
    const before = withTargets(await flowsOf(old.folder, counted));
    return { new: now, old: before, cpu: await compareCpu(old.folder, cpuOptions) };
  } finally {
    old.remove();
  }
};
