import { alerts, outbox } from '#adapters/makers.ts';
import { production } from '#adapters/production.ts';
import { alertResponse } from '#statemachines/alert-response.contract.ts';
import { expireAlert } from '#usecases/expire-alert.ts';
import { lazily } from '../lazily.ts';
import { task } from '../task.ts';

/** Task `ExpireAlert`. Idempotent per alert id. */
export const build = (ports: Parameters<typeof expireAlert>[1]) =>
  task(alertResponse.ExpireAlert, (input) => expireAlert(input, ports));

export const handler = lazily(() => build(production({ alerts, outbox })));
