import { lockdowns, outbox, slack } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { busHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import type { PortsWithSlack } from '#slack/ports.ts';
import { type CheckPorts, checkPeople } from '#usecases/lockdown/check-people.ts';

/** On a schedule, whatever the event. Throws `SlackUnavailable`, `StoreUnavailable`: Lambda tries twice more. */
export const build = (ports: Omit<CheckPorts, 'chat'> & Pick<PortsWithSlack, 'slack'>) =>
  busHandler(() => checkPeople({ ...ports, chat: ports.slack }));

export const handler = lazily(() => build(production({ lockdowns, outbox, slack })));
