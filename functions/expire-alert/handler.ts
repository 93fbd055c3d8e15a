import { alerts, outbox } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { task } from '#functions/middy/task.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { expireAlert } from '#usecases/alert/expire-alert.ts';

/** Task `ExpireAlert`. Idempotent per alert id. */
export const build = (ports: Parameters<typeof expireAlert>[1]) =>
  task(alertResponse.ExpireAlert, (input) => expireAlert(input, ports));

export const handler = lazily(() => build(production({ alerts, outbox })));
