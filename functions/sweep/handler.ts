import { alerts, ledgers, lockdowns, outbox, requests, targetRoles, workflows } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { settleLockdown } from '#usecases/settle-lockdowns.ts';
import { sweep, sweepOne } from '#usecases/sweep.ts';
import { busHandler } from '../event.ts';
import { lazily } from '../lazily.ts';

/** On a schedule: everything. On *Step Functions Execution Status Change* (failed, stopped, timed out): that one request or lockdown, at once. */
export const build = (ports: Parameters<typeof sweep>[0]) =>
  busHandler(async ({ 'detail-type': detailType, detail }) => {
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
  build(production({ requests, outbox, ledgers, targetRoles, alerts, lockdowns, workflows })),
);
