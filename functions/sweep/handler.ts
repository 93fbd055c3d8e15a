import {
  alerts,
  chains,
  ledgers,
  lockdowns,
  outbox,
  requests,
  seenRoles,
  targetRoles,
  workflows,
} from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { busHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { sweep } from '#usecases/sweep/sweep.ts';

/** On a schedule: everything, whatever the event. */
export const build = (ports: Parameters<typeof sweep>[0]) =>
  busHandler(async () => {
    const swept = await sweep(ports);
    if (swept.published + swept.mended.length > 0) ports.log.warn('The sweeper had something to put right.', swept);
  });

export const handler = lazily(() =>
  build(production({ requests, outbox, chains, ledgers, targetRoles, seenRoles, alerts, lockdowns, workflows })),
);
