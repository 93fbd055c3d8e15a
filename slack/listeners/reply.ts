import type { AllMiddlewareArgs, AnyMiddlewareArgs, Context } from '@slack/bolt';
import { isDaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import type { Refusal } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import type { SignedMark } from '#slack/ingress/guard.ts';
import { refusalAnswer } from '#slack/render/answers.ts';
import { fields, refusedModal } from '#slack/render/modals.ts';
import { inSlack, sentences } from '#slack/render/next-step.ts';
import { derivedUlid } from './derived-id.ts';

type Words = Pick<Refusal, 'message' | 'next'>;
export type AnyArgs = AnyMiddlewareArgs & AllMiddlewareArgs;

/** The parts of a payload that say where an answer goes. */
type Payload = {
  command?: string;
  type?: string;
  channel?: { id?: string };
  container?: { channel_id?: string };
  actions?: readonly { action_id?: string; value?: string }[];
};

/**
 * An id that is the same whenever the same signed request is handled again; `purpose` tells several of one request
 * apart.
 */
export const idOf = (context: Context, purpose: string, ports: Pick<Ports, 'ids'>): string => {
  const signed = context.signed as SignedMark | undefined;
  return signed ? derivedUlid(signed.signedAtMs, `${purpose}:${signed.seed}`) : ports.ids.ulid();
};

/**
 * Tells the one who clicked, later and through the bus: a click cannot be answered with words, and the ingress does not
 * call Slack. Throws what the outbox throws; the receiver's 500 then makes Slack itself mark the button.
 */
export const tellClicker = async (
  { context, body }: { context: Context; body: unknown },
  slackUserId: string,
  words: Words,
  ports: Pick<Ports, 'clock' | 'ids' | 'outbox'>,
): Promise<void> => {
  const { channel, container, actions } = body as Payload;
  const detail = {
    eventId: idOf(context, 'refused', ports),
    at: toIso(ports.clock.nowMs()),
    subject: actions?.[0]?.value ?? '',
    slackUserId,
    channelId: channel?.id ?? container?.channel_id ?? slackUserId,
    message: words.message,
    next: inSlack(words.next),
  };
  await ports.outbox.announce([{ name: 'action.refused', detail }]);
};

/** Says no, in the way the kind of request allows: in the answer, in the modal, or to the clicker alone. */
export const replyRefused = async (
  args: AnyArgs,
  slackUserId: string,
  words: Words,
  ports: Pick<Ports, 'clock' | 'ids' | 'outbox'>,
): Promise<void> => {
  const { command, type } = args.body as Payload;
  const ack = (args as { ack?: (answer?: object) => Promise<void> }).ack;
  if (command !== undefined) return ack?.({ response_type: 'ephemeral', ...refusalAnswer(words) });
  if (type === 'view_submission') {
    return ack?.({ response_action: 'update', view: refusedModal(words) });
  }
  if (type === 'block_actions') await tellClicker(args, slackUserId, words, ports);
  return ack?.();
};

/**
 * Keeps the modal, and what was typed into it, with the words beside the reason: every modal of ours that submits has
 * one.
 */
export const replyLater = async (
  args: AnyArgs,
  slackUserId: string,
  words: Words,
  ports: Pick<Ports, 'clock' | 'ids' | 'outbox'>,
): Promise<void> => {
  if ((args.body as Payload).type !== 'view_submission') return replyRefused(args, slackUserId, words, ports);
  const ack = (args as { ack?: (answer?: object) => Promise<void> }).ack;
  return ack?.({ response_action: 'errors', errors: { [fields.reason]: sentences(words) } });
};

/** The same where a listener failed. */
export const replyFailed = async (
  args: AnyArgs,
  slackUserId: string,
  error: unknown,
  ports: Pick<Ports, 'clock' | 'ids' | 'outbox'>,
) => replyLater(args, slackUserId, apology(error), ports);

/** What a person is told when a listener failed. An unexpected error's own message stays in the log. */
const apology = (error: unknown): Words => {
  const message = 'That did not work: Daypass could not finish it.';
  const remedy = isDaypassError(error) ? error.remedy : 'call-an-operator';
  switch (remedy) {
    case 'fix-the-request':
      return { message: isDaypassError(error) ? error.message : message, next: 'Change it and try again.' };
    case 'retry-later':
      return { message, next: 'Look at /access list to see where things stand, then try again in a minute.' };
    case 'call-an-operator':
      return { message, next: 'Tell the people who run Daypass: its log says what happened.' };
  }
};
