import type { AlertDetail } from '#events/define.ts';
import type { EventName } from '#events/registry.ts';
import type { Ports } from '#ports/ports.ts';
import { alertCard, repeatReply } from '#slack/render/alert-card.ts';
import { keepShown } from './keep-shown.ts';
import { type NoticePorts, postOnce } from './post-once.ts';
import { subjects } from './subjects.ts';

/** Brings the alert's card up to date; a repeat also joins its thread, once. Throws `SlackUnavailable`. */
export const showAlert = async (
  name: EventName,
  { alertId, eventId }: AlertDetail,
  ports: NoticePorts & Pick<Ports, 'policy' | 'alerts'>,
): Promise<void> => {
  const policy = await ports.policy.current();
  const channel = policy.slack.alertsChannel;
  const read = () => ports.alerts.get(alertId);
  const card = await keepShown(
    {
      subject: subjects.alert(alertId),
      to: channel,
      read,
      render: (alert) => alertCard(policy, alert),
      isWanted: () => true,
    },
    ports,
  );
  const alert = await read();
  if (name !== 'alert.repeated' || !card || !alert) return;
  await postOnce(`repeat:${eventId}`, channel, repeatReply(alert), ports, { threadTs: card.ts });
};
