import { production, productionSetting } from '#adapters/production.ts';
import type { Ports } from '#ports/ports.ts';
import { notify } from '#slack/notices/notify.ts';
import { eventHandler } from '../event.ts';
import { lazily } from '../lazily.ts';

/** Domain event → Slack. Idempotent. Throws SlackUnavailable, StoreUnavailable: EventBridge delivers again. */
export const build = ({ log, postings, slack, policy, requests, alerts, pause }: Ports, appUrl: string) =>
  eventHandler((event) => notify(event, { log, postings, slack, policy, requests, alerts, pause, appUrl }));

export const handler = lazily(() => build(production(), productionSetting('DAYPASS_URL')));
