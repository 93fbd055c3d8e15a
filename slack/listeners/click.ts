import type { App, BlockAction, ButtonAction, RespondFn } from '@slack/bolt';
import type { Policy } from '#core/policy/policy.ts';
import type { Outcome } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { subjects } from '#slack/deliver/subjects.ts';
import type { ActionId } from '#slack/render/buttons.ts';
import type { SlackMessage, SlackPorts } from '../ports.ts';
import { callerOf } from './caller.ts';
import { loggable } from './gate.ts';
import { idOf, tellClicker } from './reply.ts';

export type Click = {
  /** The button's value: an id. What it names is decided by the server, whoever sent it. */
  value: string;
  personId: string;
  policy: Policy;
  /** Opens a modal, within three seconds. */
  triggerId: string;
  /** A ULID for what the click begins: the same whenever the same click is handled again. */
  newId: string;
};

/** What a button of ours carries: an id, a login's code or two ids. Longer ones are no key of a database. */
const isId = /^[!-~]{1,200}$/;

/**
 * Answers a button: what it did shows on the card, why it did not is told to the clicker alone. `show` is for a message
 * that nothing else keeps up to date: what the clicked one becomes.
 */
export const onClick = <T>(
  app: App,
  action: ActionId,
  ports: SlackPorts,
  run: (click: Click) => Promise<Outcome<T>>,
  show?: (done: T) => SlackMessage,
): void => {
  app.action<BlockAction<ButtonAction>>(action, async ({ action: button, body, context, ack, respond }) => {
    const { person, policy, slackUserId } = callerOf(context);
    const newId = idOf(context, 'click', ports);
    // Anything else names nothing, and is told like what is not there.
    const value = isId.test(button.value ?? '') ? (button.value ?? '') : '';
    const click = { value, personId: person.id, policy, triggerId: body.trigger_id, newId };
    // In one tick, so that the store is asked once.
    const [outcome] = await Promise.all([
      run(click),
      learnPlace(action, click, body, ports).catch((error: unknown) => {
        ports.log.warn('Where a clicked card is was not kept; what was clicked is done.', { error: String(error) });
      }),
    ]);
    if (!outcome.ok) await tellClicker({ context, body }, slackUserId, outcome.refusal, ports);
    else if (show) await replace(respond, show(outcome.value), ports);
    await ack();
  });
};

/** Slack waits 3 s in all, and what was clicked is done. */
const patienceMs = 1_000;

/** Never throws: a message that stays as it was answers a second click in words. */
const replace = async (
  respond: RespondFn | undefined,
  message: SlackMessage,
  { pause, log }: Pick<SlackPorts, 'pause' | 'log'>,
): Promise<void> => {
  const replaced = respond?.({ replace_original: true, ...message }).catch((error: unknown) => {
    log.warn('A clicked message was not replaced; what was clicked is done.', loggable(error));
  });
  await Promise.race([replaced, pause(patienceMs)]);
};

/** A click shows where a card is, also where the process that posted it died before it could keep that. */
const learnPlace = async (
  action: ActionId,
  { value, policy }: Click,
  { channel, message, container }: BlockAction,
  { postings }: Pick<Ports, 'postings'>,
): Promise<void> => {
  // What only the clicker sees, the answer to `/access list` for example, is no card.
  if (!channel || !message || message.thread_ts !== undefined || container?.is_ephemeral === true) return;
  const { cardsChannel, alertsChannel } = policy.slack;
  const posted = { channel: channel.id, ts: String(message.ts) };
  if (action.startsWith('alert.') && channel.id === alertsChannel) await postings.learn(subjects.alert(value), posted);
  if (/^(request|grant)\./.test(action) && channel.id === cardsChannel)
    await postings.learn(subjects.card(value), posted);
};
