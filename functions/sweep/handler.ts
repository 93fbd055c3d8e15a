import {
  alerts,
  chains,
  ledgers,
  lockdowns,
  outbox,
  requests,
  targetRoles,
  workflows,
} from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { parseEvent } from '#events/events.ts';
import { chainToFollow } from '#events/routing.ts';
import { busHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { followChain } from '#usecases/chain/follow-chain.ts';
import { settleLockdown } from '#usecases/lockdown/settle-lockdowns.ts';
import { restoreDeny } from '#usecases/revoke/restore-deny.ts';
import { sweep, sweepOne } from '#usecases/sweep/sweep.ts';

/**
 * On a schedule: everything. On *Step Functions Execution Status Change* (failed, stopped, timed out): that one request or
 * lockdown, at once. On a change of a managed role's inline policies, by CloudTrail: that role's deny, at once. On
 * `session.chained`: that grant's chain.
 */
export const build = (ports: Parameters<typeof sweep>[0]) =>
  busHandler(async (event) => {
    const { 'detail-type': detailType, detail } = event;
    const told = parseEvent(detailType, detail);
    const chain = told && chainToFollow(told);
    if (chain) {
      await followChain(chain, ports);
      return;
    }
    if (detailType.endsWith(' via CloudTrail')) {
      await restoreDeny(event, ports);
      return;
    }
    const { name, stateMachineArn } = (detail ?? {}) as { name?: unknown; stateMachineArn?: unknown };
    if (detailType === 'Step Functions Execution Status Change' && typeof name === 'string') {
      if (String(stateMachineArn).endsWith(':stateMachine:lockdown')) await settleLockdown({ lockdownId: name }, ports);
      else await sweepOne({ requestId: name }, ports);
      return;
    }
    const swept = await sweep(ports);
    if (swept.published + swept.mended.length > 0) ports.log.warn('The sweeper had something to put right.', swept);
  });

export const handler = lazily(() =>
  build(production({ requests, outbox, chains, ledgers, targetRoles, alerts, lockdowns, workflows })),
);
