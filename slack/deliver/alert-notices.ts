import type { AlertDetail } from '#events/events.ts';
import type { AlertNotice } from '#events/routing.ts';
import type { Ports } from '#ports/ports.ts';
import { alertCard, repeatReply } from '#slack/render/alert-card.ts';
import { keepShown } from './keep-shown.ts';
import { type LossPorts, tellingOfLoss } from './lost-channel.ts';
import { postOnce } from './post-once.ts';
import { once, showEach } from './show-each.ts';
import { subjects } from './subjects.ts';

/**
 * Shows of the alert what the event asks for: its card as it is now, and for a repeat a reply, once. Throws
 * `SlackUnavailable`.
 */
export const showAlert = async (
  notices: readonly AlertNotice[],
  { alertId, eventId }: AlertDetail,
  ports: LossPorts & Pick<Ports, 'alerts'>,
): Promise<void> => {
  const policy = await ports.policy.current();
  const channel = policy.slack.alertsChannel;
  const card = once(() =>
    keepShown(
      () => ports.alerts.get(alertId),
      {
        subject: subjects.alert(alertId),
        to: () => channel,
        render: (alert) => alertCard(policy, alert),
        isWanted: () => true,
        urgency: 'alert',
        isNeeded: true,
      },
      ports,
    ),
  );
  await showEach(notices, {
    card: () => tellingOfLoss(channel, card, ports),
    repeat: async () => {
      const { state: alert, posted } = (await card()) ?? {};
      if (alert && posted) {
        await postOnce(`repeat:${eventId}`, channel, repeatReply(alert), ports, { threadTs: posted.ts });
      }
    },
  });
};
