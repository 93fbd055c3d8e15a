import { alerts, ledgers, targetRoles } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { revokeAlert } from '#usecases/alert/revoke-alert.ts';

/** Task `RevokeAlert`. Idempotent per alert id. Every error is retried by the machine, then made visible. */
export const build = (ports: Parameters<typeof revokeAlert>[1]) =>
  task(alertResponse.RevokeAlert, (input) => revokeAlert(input, ports));

export const handler = lazily(() => build(production({ alerts, ledgers, targetRoles })));
