import { alerts, ledgers, outbox, requests, targetRoles } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { busHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { restoreDeny } from '#usecases/revoke/restore-deny.ts';

/** CloudTrail tells that a managed role's inline policies changed. Idempotent; an error makes the event come again. */
export const build = (ports: Parameters<typeof restoreDeny>[1]) => busHandler((event) => restoreDeny(event, ports));

export const handler = lazily(() => build(production({ requests, outbox, ledgers, targetRoles, alerts })));
