import { alerts, canaries, chains, ledgers, outbox, requests, sessions } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { busHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { detect } from '#usecases/alert/detect.ts';

/** Target of the four CloudTrail rules. Idempotent per event id; an error makes EventBridge deliver the event again. */
export const build = (ports: Parameters<typeof detect>[1]) =>
  busHandler(async (event) => {
    for (const { detection, severity, eventId, roleArn } of await detect(event, ports)) {
      ports.log.warn('A detection found something.', { detection, severity, eventId, roleArn });
    }
  });

export const handler = lazily(() =>
  build(production({ requests, sessions, chains, canaries, ledgers, alerts, outbox })),
);
