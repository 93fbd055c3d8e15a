import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { createCanaries } from '#adapters/aws/canary-store.ts';
import { canaryRoleName, roleArnOf } from '#core/aws-role.ts';
import type { Account } from '#core/policy/policy.ts';
import { deadLetterQueueName, forwardRulePrefix } from '#deploy/onboarding/names.ts';
import type { Canaries, Canary } from '#ports/canaries.ts';
import type { Clock } from '#ports/clock.ts';
import type { Reached } from './access.ts';
import { onboardAgain } from './checks/role-trust.ts';
import { type Check, failure, ok, type Verdict } from './report.ts';

/** CloudTrail promises nothing; what takes longer is worth a look. */
const longestWaitMs = 300_000;
const pollMs = 2_000;

const seconds = (ms: number): string => `${Math.max(0, Math.round(ms / 1_000))} s`;

/** Says how long an event took, or where it may have been lost. */
export const judgeCanary = (took: number | undefined): Verdict =>
  took === undefined
    ? failure(
        `An assumption of ${canaryRoleName} did not reach the detector within ${seconds(longestWaitMs)}: whatever happens in this account may go unseen.`,
        `Look, in this order: is a trail logging here (above); are the rules ${forwardRulePrefix}* there and on; what lies in the queue ${deadLetterQueueName}; does the hub’s default bus take events of this account; does the function daypass-detect fail (docs/runbook.md#detector-behind).`,
      )
    : ok(`An assumption of ${canaryRoleName} reached the detector after ${seconds(took)}.`);

/** How long it took; undefined where it did not come. Throws what `canaries` and the signal throw. */
export const waitFor = async (
  which: Pick<Canary, 'accountId' | 'sessionName'>,
  { canaries, clock, rest }: { canaries: Canaries; clock: Clock; rest: () => Promise<unknown> },
): Promise<number | undefined> => {
  const begunMs = clock.nowMs();
  while (clock.nowMs() - begunMs < longestWaitMs) {
    const found = await canaries.get(which);
    if (found) return Date.parse(found.arrivedAt) - Date.parse(found.at);
    await rest();
  }
  return undefined;
};

/**
 * Takes the role that may do nothing, with the hub's credentials, and waits until the detector was told of it: the one
 * thing that shows that the whole way works, since nobody but AWS can make such an event.
 */
export const canaryCheck = (account: Account, hub: Reached, clock: Clock): Check => {
  const title = `${account.name} canary`;
  return {
    area: 'trail',
    title,
    patienceMs: longestWaitMs + 30_000,
    look: async (signal) => {
      const sessionName = `doctor-${randomUUID()}`;
      try {
        await hub.clients.sts.send(
          new AssumeRoleCommand({
            RoleArn: roleArnOf({ accountId: account.id, roleName: canaryRoleName }),
            RoleSessionName: sessionName,
            ExternalId: account.externalId,
            DurationSeconds: 900,
          }),
          { abortSignal: signal },
        );
      } catch (error) {
        signal.throwIfAborted();
        const found = `The role ${canaryRoleName} could not be taken (${error instanceof Error ? error.name : typeof error}), so it was not tried whether events arrive.`;
        const todo = `${onboardAgain(account.name)} The hub’s profile has to be allowed sts:AssumeRole on it.`;
        return [{ area: 'trail', title, ...failure(found, todo) }];
      }
      const canaries = createCanaries(hub.clients.table);
      const rest = (): Promise<unknown> => timer(pollMs, undefined, { signal });
      const took = await waitFor({ accountId: account.id, sessionName }, { canaries, clock, rest });
      return [{ area: 'trail', title, ...judgeCanary(took) }];
    },
  };
};
