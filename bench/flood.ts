import { join } from 'node:path';
import { policyWithCrowd } from '#test/kit/crowd.ts';
import { clickDone, type Live, liveGrant, untilButton, untilDenied } from './loop.ts';
import { checkOutOldCode, oneQueueCommit } from './old-code.ts';
import { inOffice, type Office } from './people.ts';
import { repository, startStackProcess } from './stack-process.ts';
import { spread, twoDecimals } from './statistics.ts';

/** As many at a time as a team of people would be. */
const atOnce = 8;
/** With the lockdown as many as a role takes at once (`core/ledger/pace.ts`). */
const grantsEach = 4;
const listsEach = 9;
const ratioAtMost = 2;

type Times = { done: number[]; lockdown: number[]; list: number[] };
type Holdings = { grants: readonly Live[]; locked: Live; lock: () => Promise<void> };

/** What does not happen within the patience of the bench counts as what was waited for. */
const timed = async (run: () => Promise<unknown>, inVain: 'throws' | 'counts' = 'throws'): Promise<number> => {
  const startedAt = performance.now();
  await run().catch((error: unknown) => {
    if (inVain === 'throws') throw error;
  });
  return performance.now() - startedAt;
};

/** Grants that are live and used, and a panic button whose form is open. */
const hold = async (office: Office, token: string, person: { id: string; slackUserId: string }): Promise<Holdings> => {
  const alice = await office.login('U0ALICE');
  const grants: Live[] = [];
  for (let count = 0; count < grantsEach; count++) grants.push(await liveGrant(office, alice, '1h'));
  const locked = await liveGrant(office, token, '1h', person.slackUserId);
  for (const grant of [...grants, locked]) await untilButton(grant);
  return { grants, locked, lock: await office.lockDown('U0BOB', `person ${person.id}`) };
};

const measure = async (
  office: Office,
  { grants, locked, lock }: Holdings,
  inVain?: 'throws' | 'counts',
): Promise<Times> => {
  const times: Times = { done: [], lockdown: [], list: [] };
  for (const grant of grants) {
    times.done.push(await timed(() => Promise.all([untilDenied(grant), clickDone(office, grant)]), inVain));
  }
  for (let count = 0; count < listsEach; count++) times.list.push(await timed(() => office.command('U0BOB', 'list')));
  times.lockdown.push(await timed(() => Promise.all([untilDenied(locked), lock()]), inVain));
  return times;
};

const askAll = async (office: Office, slackUserIds: readonly string[]): Promise<void> => {
  const waiting = [...slackUserIds];
  const worker = async (): Promise<void> => {
    for (let userId = waiting.shift(); userId !== undefined; userId = waiting.shift()) {
      await office.command(userId, 'orders-admin 1h fixing INC-42');
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
};

const beside = (idle: readonly number[], flooded: readonly number[]) => {
  const [before, during] = [spread(idle), spread(flooded)];
  const ratio = twoDecimals((during.medianMs ?? Number.NaN) / (before.medianMs ?? Number.NaN));
  return { idle: before, flooded: during, ratio, target: { ratioAtMost, met: ratio <= ratioAtMost } };
};

const ofOne = async (office: Office, asks: number, slackUserIds: readonly string[], inVain?: 'throws' | 'counts') => {
  const [carol, alice] = [
    { id: 'carol', slackUserId: 'U0CAROL' },
    { id: 'alice', slackUserId: 'U0ALICE' },
  ];
  // The first use of everything is no figure.
  const [warm = ''] = slackUserIds;
  await office.command(warm, 'orders-admin 1h fixing INC-42');
  const idle = await measure(office, await hold(office, await office.login(carol.slackUserId), carol));
  const held = await hold(office, await office.login(alice.slackUserId), alice);
  office.slack.takeOnePostEvery(1_000, () => performance.now());
  const before = office.slack.messages.length;
  const askedForMs = await timed(() => askAll(office, slackUserIds.slice(1)));
  const flooded = await measure(office, held, inVain);
  return {
    asks,
    askedForSec: twoDecimals(askedForMs / 1000),
    /** Of the two that each ask calls for, when everything was measured. */
    postsTaken: office.slack.messages.length - before,
    doneUntilDenied: beside(idle.done, flooded.done),
    lockdownUntilDenied: beside(idle.lockdown, flooded.lockdown),
    list: beside(idle.list, flooded.list),
  };
};

const floodOf = async (counts: readonly number[], folder: string, inVain?: 'throws' | 'counts') => {
  const results: Awaited<ReturnType<typeof ofOne>>[] = [];
  for (const asks of counts) {
    const crowd = policyWithCrowd(asks + 1);
    const start: NonNullable<Parameters<typeof inOffice>[1]>['start'] = (options) =>
      startStackProcess([process.execPath, join(folder, 'local', 'main.ts')], { ...options, folder });
    try {
      results.push(
        await inOffice((office) => ofOne(office, asks, crowd.slackUserIds, inVain), { policyPath: crowd.path, start }),
      );
    } finally {
      crowd.remove();
    }
  }
  return results;
};

/**
 * So many people ask once each while Slack takes one post in a second. How long it then takes to end what is lent, by
 * its holder and by the panic button, and to be told where things stand, beside the same in the quiet before.
 */
export const flood = (counts: readonly number[]) => floodOf(counts, repository);

/** The same of the code of `oneQueueCommit`. Throws where the history does not have it any more. */
export const floodBefore = async (counts: readonly number[]) => {
  const old = checkOutOldCode(oneQueueCommit);
  try {
    return await floodOf(counts, old.folder, 'counts');
  } finally {
    old.remove();
  }
};
