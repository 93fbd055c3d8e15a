import { alerts, lockdowns, postings, requests, slack } from '#adapters/port-factories.ts';
import { production, productionSetting } from '#adapters/production.ts';
import { eventHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { notify } from '#slack/deliver/notify.ts';

/** Domain event → Slack. Idempotent. Throws SlackUnavailable, StoreUnavailable: EventBridge delivers again. */
export const build = (
  {
    log,
    clock,
    postings,
    slack,
    policy,
    requests,
    alerts,
    lockdowns,
    pause,
  }: Omit<Parameters<typeof notify>[1], 'appUrl'>,
  appUrl: string,
) =>
  eventHandler((event) =>
    notify(event, { log, clock, postings, slack, policy, requests, alerts, lockdowns, pause, appUrl }),
  );

export const handler = lazily(() =>
  build(production({ postings, slack, requests, alerts, lockdowns }), productionSetting('DAYPASS_URL')),
);
