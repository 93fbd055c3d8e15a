import { alerts, ledgers, outbox, requests, targetRoles, workflows } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { restoreDeny } from '#usecases/restore-deny.ts';
import { sweep, sweepOne } from '#usecases/sweep.ts';
import { busHandler } from '../event.ts';
import { lazily } from '../lazily.ts';

/**
 * On a schedule: everything. On *Step Functions Execution Status Change* (failed, stopped, timed out): that one request, at
 * once. On a change of a managed role's inline policies, by CloudTrail: that role's deny, at once.
 */
export const build = (ports: Parameters<typeof sweep>[0]) =>
  busHandler(async (event) => {
    const { 'detail-type': detailType, detail } = event;
    if (detailType.endsWith(' via CloudTrail')) {
      await restoreDeny(event, ports);
      return;
    }
    const requestId = (detail as { name?: unknown } | null)?.name;
    if (detailType === 'Step Functions Execution Status Change' && typeof requestId === 'string') {
      await sweepOne({ requestId }, ports);
      return;
    }
    const swept = await sweep(ports);
    if (swept.published + swept.mended.length > 0) ports.log.warn('The sweeper had something to put right.', swept);
  });

export const handler = lazily(() => build(production({ requests, outbox, ledgers, targetRoles, alerts, workflows })));
