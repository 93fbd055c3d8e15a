import { createRequestStore } from '#adapters/aws/request-store.ts';
import { commandName } from '#core/command-name.ts';
import type { Policy } from '#core/policy/policy.ts';
import { brokenIn } from '#core/request/audit-chain.ts';
import type { Clock } from '#ports/clock.ts';
import type { RequestStore } from '#ports/request-store.ts';
import type { Reached } from './access.ts';
import { type Check, failure, ok, type Verdict } from './report.ts';

const days = 30;
const most = 200;
const atOnce = 10;
const patienceMs = 60_000;

/** Whether what is on record of the newest requests is what was written. */
export const judgeRecords = async (
  { people }: Pick<Policy, 'people'>,
  requests: RequestStore,
  nowMs: number,
): Promise<Verdict> => {
  const asked = await Promise.all(people.map(({ id }) => requests.askedBetween(id, nowMs - days * 86_400_000, nowMs)));
  const ids = asked.flatMap((theirs) => theirs.map(({ id }) => id));
  const newest = ids.sort().reverse().slice(0, most);
  const broken: string[] = [];
  for (let first = 0; first < newest.length; first += atOnce) {
    const found = await Promise.all(
      newest.slice(first, first + atOnce).map((id) =>
        brokenIn(
          () => requests.get(id),
          () => requests.audit(id),
        ),
      ),
    );
    broken.push(...found.flatMap((one) => (one ? [`${one.record.id}: ${one.broken.said}.`] : [])));
  }
  const looked = newest.length < ids.length ? `the newest ${newest.length} of ${ids.length}` : `${ids.length}`;
  if (broken.length === 0) return ok(`Requests of the last ${days} days, ${looked}: their records are as written.`);
  return failure(
    `What is on record is not what was written. ${broken.slice(0, 5).join(' ')}${broken.length > 5 ? ` And ${broken.length - 5} more.` : ''}`,
    `Somebody wrote to the table: \`${commandName} runbook audit-broken\` says what to do.`,
  );
};

export const recordsCheck = (policy: Policy, { name, clients }: Reached, clock: Clock): Check => {
  const title = `${name} records`;
  return {
    area: 'accounts',
    title,
    patienceMs,
    look: async () => [
      { area: 'accounts', title, ...(await judgeRecords(policy, createRequestStore(clients.table), clock.nowMs())) },
    ],
  };
};
