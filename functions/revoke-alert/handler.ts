import { alerts, ledgers, targetRoles } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { revokeAlert } from '#usecases/revoke-alert.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `RevokeAlert`. Idempotent per alert id. Every error is retried by the machine, then made visible. */
export const build = (ports: Parameters<typeof revokeAlert>[1]) =>
  task(alertResponse.RevokeAlert, (input) => revokeAlert(input, ports));

export const handler = lazily(() => build(production({ alerts, ledgers, targetRoles })));
