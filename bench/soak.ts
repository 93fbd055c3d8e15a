import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { policyWithCrowd } from '#test/kit/crowd.ts';
import { until } from '#test/kit/until.ts';
import { approved } from './loop.ts';
import { memoryOf } from './memory.ts';
import { inOffice, type Office, profileIn } from './people.ts';
import { repository, startStackProcess } from './stack-process.ts';
import { megabytes, spread, twoDecimals } from './statistics.ts';

export type SoakOptions = { minutes: number; loopsPerSecond: number; people: number };

const faults = join(import.meta.dirname, 'fail-calls.ts');
/** Slack takes this many posts in a second, of all channels together; the loops make more. */
const postsPerSecond = 10;
/** So many loops may be under way; beyond it nobody begins another, and the rate that was reached says so. */
const mostAtOnce = 64;
const refusedInPassing = 'ProvisionedThroughputExceededException';

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // What is a file now may be gone at the next look.
    .reduce(
      (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );

/** What the table says of every request, counted by status. */
const statuses = async ({ stack }: Office): Promise<Record<string, number>> => {
  const credentials = profileIn(stack.dataFolder, 'hub-admin');
  const dynamoDb = new DynamoDBClient({ region: 'us-east-1', endpoint: stack.awsUrl, credentials });
  const counts: Record<string, number> = {};
  let from: Record<string, never> | undefined;
  do {
    const page = await dynamoDb.send(
      new ScanCommand({
        TableName: 'daypass',
        FilterExpression: 'begins_with(pk, :request) AND sk = :state',
        ExpressionAttributeValues: { ':request': { S: 'REQUEST#' }, ':state': { S: 'STATE' } },
        ...(from && { ExclusiveStartKey: from }),
      }),
    );
    for (const { state } of page.Items ?? []) {
      const is = state?.M?.status?.S ?? 'unknown';
      counts[is] = (counts[is] ?? 0) + 1;
    }
    from = page.LastEvaluatedKey as typeof from;
  } while (from);
  return counts;
};

/** Asks, is approved, uses what it got, is done, and is refused. Whatever was refused in passing is tried again. */
const loop = async (office: Office, userId: string, token: string): Promise<{ id: string; endedAfterMs: number }> => {
  const asked = await office.ask(userId, 'orders-admin 30m');
  await approved(office, asked);
  const read = office.reader(await office.mint(token, asked.id));
  const got = (): Promise<string> =>
    until(
      `an answer about the order, for ${asked.id}`,
      async () => {
        const answer = await read();
        return answer === refusedInPassing ? undefined : answer;
      },
      50,
    );
  const before = await got();
  if (before !== '12345') throw new Error(`The credentials of ${asked.id} got ${before} instead of the order.`);
  const startedAt = performance.now();
  await office.command(userId, `done ${asked.id}`);
  await office.stack.heard('grant.ended', asked.id);
  const endedAfterMs = performance.now() - startedAt;
  const after = await got();
  if (after !== 'AccessDeniedException') throw new Error(`The credentials of ${asked.id} got ${after} after the end.`);
  return { id: asked.id, endedAfterMs };
};

const of = async (office: Office, slackUserIds: readonly string[], options: SoakOptions) => {
  const holders: { userId: string; token: string }[] = [];
  for (const userId of slackUserIds) holders.push({ userId, token: await office.login(userId) });
  office.slack.takeOnePostEvery(1000 / postsPerSecond, () => performance.now());
  const look = () => ({ ...memoryOf(office.stack.pid), dataMb: megabytes(sizeOf(office.stack.dataFolder)) });
  const startedAt = performance.now();
  const secondsGone = (): number => (performance.now() - startedAt) / 1000;
  const ended: number[] = [];
  const failures: string[] = [];
  const samples = [{ minute: 0, loops: 0, ...look() }];
  const running = new Set<Promise<void>>();
  let begun = 0;
  while (secondsGone() < options.minutes * 60) {
    const due = Math.floor(secondsGone() * options.loopsPerSecond);
    if (begun < due && running.size < mostAtOnce) {
      const holder = holders[begun++ % holders.length];
      if (!holder) throw new Error('There is nobody who asks.');
      const one: Promise<void> = loop(office, holder.userId, holder.token)
        .then(
          ({ endedAfterMs }) => void ended.push(endedAfterMs),
          (error: unknown) => void failures.push(error instanceof Error ? error.message : String(error)),
        )
        .finally(() => running.delete(one));
      running.add(one);
    } else await new Promise((done) => setTimeout(done, 10));
    const minute = Math.floor(secondsGone() / 60);
    if (minute > (samples.at(-1)?.minute ?? 0)) samples.push({ minute, loops: ended.length, ...look() });
  }
  await Promise.all(running);
  const seconds = secondsGone();
  const counts = await until(
    'every request to be at its end',
    async () => {
      const now = await statuses(office);
      return Object.keys(now).every((status) => status === 'ended') ? now : undefined;
    },
    1_000,
  ).catch(() => statuses(office));
  const atEnd = look();
  const grownMb = atEnd.dataMb - (samples[0]?.dataMb ?? 0);
  return {
    ...options,
    begun,
    wholeLoops: ended.length,
    loopsPerSecondReached: twoDecimals(ended.length / seconds),
    /** What a person would have had to do again; no access and no request is lost by it, as `requests` shows. */
    failures: { count: failures.length, first: failures.slice(0, 5) },
    /** By status, in the table, when everything is quiet. All that were ever asked for have to be `ended`. */
    requests: counts,
    nothingLost: Object.keys(counts).join() === 'ended' && counts.ended === begun,
    doneUntilVerified: spread(ended),
    dataKbPerLoop: twoDecimals((grownMb * 1024) / Math.max(1, ended.length)),
    samples: [...samples, { minute: twoDecimals(secondsGone() / 60), loops: ended.length, ...atEnd }],
  };
};

/**
 * Many people ask, use and end for a long time, while the database refuses one call in a hundred, IAM one in twenty and
 * Slack takes fewer posts than there are: whether anything is lost, and how memory and the data folder grow.
 */
export const soak = async (options: SoakOptions) => {
  const crowd = policyWithCrowd(options.people);
  const command = [process.execPath, '--import', faults, join(repository, 'local', 'main.ts')] as const;
  try {
    return await inOffice((office) => of(office, crowd.slackUserIds, options), {
      policyPath: crowd.path,
      start: (given) => startStackProcess([...command], given),
    });
  } finally {
    crowd.remove();
  }
};
