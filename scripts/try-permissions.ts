import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { functions } from '#functions/registry.ts';
import { arns, roleArnOfFunction } from '#local/world.ts';
import { type Change, changeVariable } from '#test/permissions/changed.ts';
import { digestOfCode, endToEndFiles } from '#test/permissions/code.ts';
import { whatIsMissing } from '#test/permissions/completeness.ts';
import { type Permission, permissionsOf, permissionText } from '#test/permissions/permission.ts';
import { readRecordings, readRun, recordingFolder } from '#test/permissions/recording.ts';
import { testsThatNeed } from '#test/permissions/verdict.ts';

const usage = `Takes each permission of each function away, one at a time, and runs the test that should notice. Nothing is written.

  node scripts/try-permissions.ts                 every permission (about 5 s each)
  node scripts/try-permissions.ts --function NAME only of this function; may be repeated
  node scripts/try-permissions.ts --jobs N        so many at a time (by default 1)
  node scripts/try-permissions.ts --add           adds a needless permission to one function after the other (about 2 s each)

It goes by the recordings of the e2e suite: run "npx --no vitest run --project e2e" first.
Ends with 1 where something went unnoticed, with 2 where it could not try.`;

type Result = { name: string; status: string; failureMessages: string[] };

const timeoutMs = 10 * 60_000;

/** A test that waits for what a refused function should have done need not wait as long as otherwise. */
const testTimeoutMs = 45_000;

/** Runs vitest with the change; what it records goes to a folder of its own. Returns every test that it knows. */
const run = async (change: Change, filters: readonly string[], recordings?: string): Promise<Result[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'daypass-permissions-'));
  const outputFile = join(folder, 'result.json');
  const child = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--reporter=json',
      `--outputFile=${outputFile}`,
      `--testTimeout=${testTimeoutMs}`,
      ...filters,
    ],
    {
      env: {
        ...process.env,
        [changeVariable]: JSON.stringify(change),
        DAYPASS_TEST_RECORDINGS: recordings ?? join(folder, 'recordings'),
      },
      stdio: 'ignore',
      timeout: timeoutMs,
    },
  );
  try {
    await new Promise((ended) => child.once('exit', ended));
    const { testResults } = JSON.parse(readFileSync(outputFile, 'utf8')) as {
      testResults: { assertionResults: { fullName: string; status: string; failureMessages?: string[] }[] }[];
    };
    return testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ fullName, status, failureMessages = [] }) => ({
        name: fullName,
        status,
        failureMessages,
      })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const filterOf = (test: string): string => `^${literally(test)}$`;

type Witness = { testFile: string; test: string };

/** A test may have needed it that once alone, because two things happened to meet. */
const mostWitnesses = 3;

/** The quickest tests that needed it. One with a process of its own is slower than it looks. */
const witnessesOf = (permission: Permission): Witness[] =>
  readRecordings()
    .flatMap(({ testFile, recorded, tookMs }) =>
      testsThatNeed(permission, { functions, arns, roleArnOf: roleArnOfFunction, recorded }).map((test) => ({
        testFile,
        test,
        tookMs: tookMs[test] ?? Number.POSITIVE_INFINITY,
      })),
    )
    .sort((one, other) => one.tookMs - other.tookMs)
    .slice(0, mostWitnesses);

const failsWithout = async (permission: Permission, { testFile, test }: Witness): Promise<boolean> => {
  const filters = ['--project', 'e2e', `test/e2e/${testFile}`, '-t', filterOf(test)];
  const results = await run({ without: permission }, filters);
  if (results.some(({ status }) => status === 'failed')) return true;
  if (results.some(({ status }) => status === 'passed')) return false;
  throw new Error(`vitest did not run "${test}" of ${testFile}. Run the e2e suite again, then this.`);
};

/** Whether a test fails without it. */
const tryRemoval = async (permission: Permission): Promise<boolean> => {
  const witnesses = witnessesOf(permission);
  for (const witness of witnesses) {
    if (await failsWithout(permission, witness)) {
      console.log(`noticed   ${permissionText(permission)}  (${witness.testFile}: ${witness.test})`);
      return true;
    }
  }
  const asked = witnesses.map(({ testFile, test }) => `${testFile}: ${test}`).join('; ') || 'no test needs it';
  console.log(`UNNOTICED ${permissionText(permission)}  (${asked})`);
  return false;
};

const tryRemovals = async (names: readonly string[], jobs: number): Promise<boolean> => {
  const permissions = functions.filter(({ name }) => names.includes(name)).flatMap(permissionsOf);
  const waiting = [...permissions];
  let noticed = 0;
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) if (await tryRemoval(next)) noticed++;
  };
  await Promise.all(Array.from({ length: jobs }, work));
  console.log(`\n${noticed} of ${permissions.length} removals failed a test.`);
  return noticed === permissions.length;
};

/** Something that no function does. */
const needless = (functionName: string): Permission => ({
  functionName,
  action: 'dynamodb:DescribeTable',
  resource: '${table-arn}',
});

/** The verdict on the recordings, with the needless permission in one configuration after the other. */
const tryAdditions = async (names: readonly string[]): Promise<boolean> => {
  let noticed = 0;
  for (const permission of names.map(needless)) {
    const results = await run({ with: [permission] }, ['--project', 'permissions'], recordingFolder());
    const said = results.flatMap(({ failureMessages }) => failureMessages).join('\n');
    const named = said.includes(`${permissionText(permission)} is used by no e2e test`);
    if (named) noticed++;
    console.log(`${named ? 'noticed  ' : 'UNNOTICED'} ${permissionText(permission)}`);
  }
  console.log(`\n${noticed} of ${names.length} needless permissions failed the verdict.`);
  return noticed === names.length;
};

const whyNot = (): string | undefined =>
  whatIsMissing({
    run: readRun(),
    recordings: readRecordings(),
    files: endToEndFiles(),
    vitest: '',
    code: digestOfCode,
  });

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      function: { type: 'string', multiple: true },
      jobs: { type: 'string', default: '1' },
      add: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const known = functions.map(({ name }) => name);
  const names = values.function ?? known;
  const unknown = names.filter((name) => !known.includes(name));
  const problem = !/^[1-9]\d?$/.test(values.jobs)
    ? `--jobs takes a number from 1 to 99, not ${values.jobs}.`
    : unknown.length > 0
      ? `There is no function ${unknown.join(', ')}. There are: ${known.join(', ')}.`
      : whyNot();
  if (problem !== undefined) {
    console.error(problem);
    return 2;
  }
  return (await (values.add ? tryAdditions(names) : tryRemovals(names, Number(values.jobs)))) ? 0 : 1;
};

process.exitCode = await main();
