import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { bundles } from './bundles.ts';
import { calls } from './calls.ts';
import { cost } from './cost.ts';
import { flood, floodBefore } from './flood.ts';
import { memoryOf } from './memory.ts';
import { page } from './page.ts';
import { inOffice } from './people.ts';
import { revocation } from './revocation.ts';
import { revocationAtScale } from './revocation-at-scale.ts';
import { soak } from './soak.ts';
import { startup } from './startup.ts';
import { megabytes, twoDecimals } from './statistics.ts';
import { throughput } from './throughput.ts';
import { transitions } from './transitions.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const machine = () => ({
  platform: `${process.platform}-${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryMb: megabytes(totalmem()),
  node: process.version,
  loadAverage: loadavg().map(twoDecimals),
});

/** Throughput and memory come from one run: the memory is that of the stack before and after the load. */
const load = () =>
  inOffice(async (office) => {
    const { pid } = office.stack;
    const afterReady = memoryOf(pid);
    const rates = await throughput(office, { loops: 60, concurrency: 8, warmUp: 5 });
    return { throughput: rates, memory: { afterReady, afterThroughput: memoryOf(pid) } };
  });

let loaded: ReturnType<typeof load> | undefined;
const loadOnce = (): ReturnType<typeof load> => {
  loaded ??= load();
  return loaded;
};

const atScale = () => revocationAtScale([1, 53, 54, 348, 349, 1_000, 10_000]);

/** In the order in which they run; each is bounded in count, and each wait in time. */
const sections: Readonly<Record<string, () => Promise<unknown>>> = {
  startup: () => startup({ times: 5 }),
  page: () => page({ times: 10 }),
  bundles: () => bundles({ times: 15 }),
  transitions,
  throughput: async () => (await loadOnce()).throughput,
  memory: async () => (await loadOnce()).memory,
  revocation: async () => ({
    ...(await inOffice((office) => revocation(office, { clicks: 25, expiries: 15 }))),
    atScale: await atScale(),
  }),
  cost: () => cost({ loops: 20 }),
  calls: () => calls({ counted: 5, rounds: 6, loops: 5, warmUp: 25 }),
};

/** Run when they are named; the first is else in the section that holds it. */
const parts: typeof sections = {
  'revocation-at-scale': atScale,
  flood: () => flood([400, 1_200]),
  /** The same of the code from before each function had a queue of its own; it takes some minutes. */
  'flood-before': () => floodBefore([400]),
  soak: () => soak({ minutes: 30, loopsPerSecond: 4, people: 200 }),
  'soak-short': () => soak({ minutes: 3, loopsPerSecond: 4, people: 200 }),
};

const notes = [
  'A function of bundles.functions has kb when it is imported; whenNeededKb follows with its first call, or never.',
  'Real clock, real processes, requests over the loopback; this program and the stack share the machine. Other work on it moves every figure: the load average of the start and the end is given.',
  'The embedded stack stands for AWS. Against AWS itself every call costs a network round trip, and IAM takes seconds to carry a policy everywhere.',
  'To see when credentials die they are used every few milliseconds, which takes time from the stack that is to revoke them: throughput.sequential.parts.doneUntilVerified is the same way without that.',
  'On one role the ledger writes five times at once and then once a second (core/ledger/pace.ts): grants of one role that end one after the other wait for that, as throughput does with all its loops on one role.',
  'The figures of others were counted by reading their definitions, not by running them.',
];

const main = async (names: readonly string[]): Promise<void> => {
  const known = { ...sections, ...parts };
  const unknown = names.filter((name) => !Object.hasOwn(known, name));
  if (unknown.length > 0) {
    throw new Error(`There is no ${unknown.join(', ')} here. Choose from: ${Object.keys(known).join(', ')}.`);
  }
  const atStart = machine();
  const results: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(names.length > 0 ? known : sections)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const startedAt = performance.now();
    say(`${name}…`);
    results[name] = await run();
    say(`${name}: done in ${twoDecimals((performance.now() - startedAt) / 1000)} s`);
  }
  const document = { machine: { ...atStart, loadAverageAtEnd: loadavg().map(twoDecimals) }, notes, ...results };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
};

try {
  await main(process.argv.slice(2));
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? `\n${error.cause.message}` : '';
  say(`${error instanceof Error ? error.message : String(error)}${cause}`);
  process.exitCode = 1;
}
