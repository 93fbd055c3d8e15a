import type { App, BlockAction, ButtonAction } from '@slack/bolt';
import type { Policy } from '#core/policy/policy.ts';
import type { Outcome } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import type { ActionId } from '#slack/blocks/buttons.ts';
import { callerOf } from '#slack/caller.ts';
import { tellClicker } from '#slack/reply.ts';

export type Click = {
  /** The button's value: an id. What it names is decided by the server, whoever sent it. */
  value: string;
  personId: string;
  policy: Policy;
  /** Opens a modal, within three seconds. */
  triggerId: string;
};

/** Answers a button: what it did shows on the card, why it did not is told to the clicker alone. */
export const onClick = (
  app: App,
  action: ActionId,
  ports: Ports,
  run: (click: Click) => Promise<Outcome<unknown>>,
): void => {
  app.action<BlockAction<ButtonAction>>(action, async ({ action: button, body, context, ack }) => {
    const { person, policy, slackUserId } = callerOf(context);
    const click = { value: button.value ?? '', personId: person.id, policy, triggerId: body.trigger_id };
    const outcome = await run(click);
    if (!outcome.ok) await tellClicker({ context, body }, slackUserId, outcome.refusal, ports);
    await ack();
  });
};
