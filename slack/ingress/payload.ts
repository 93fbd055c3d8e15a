import * as z from 'zod/mini';
import { accountEvent } from '#slack/scopes.ts';

// What Bolt and the listeners read of a payload. The rest may be anything, and Slack adds to it.
// https://docs.slack.dev/reference/interaction-payloads, https://docs.slack.dev/apis/events-api

/** Longer than what Slack lets be typed into a modal or put into its metadata: 3,000. */
const text = z.string().check(z.maxLength(4_000));
/** As long as a message: https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const line = z.string().check(z.maxLength(40_000));
const maybe = z.nullish(text);
/** Bolt takes whatever has it for a payload of another kind. */
const absent = z.optional(z.never());

const sender = {
  user: z.object({ id: text, team_id: maybe }),
  team: z.nullish(z.object({ id: text, enterprise_id: maybe })),
  enterprise: z.nullish(z.object({ id: text })),
  ...{ command: absent, event: absent, name: absent, function_data: absent },
};

const command = z.object({
  ...{ command: text, user_id: text, text: z.optional(line), team_id: z.optional(text), channel_id: z.optional(text) },
  ...{ trigger_id: z.optional(text), type: absent, event: absent, function_data: absent, ssl_check: absent },
});

const click = z.object({
  ...sender,
  trigger_id: text,
  channel: z.optional(z.object({ id: text })),
  container: z.nullish(z.object({ channel_id: maybe })),
  message: z.nullish(z.object({ ts: text })),
  response_url: z.optional(text),
  actions: z
    .array(z.object({ type: text, action_id: text, block_id: text, value: maybe }))
    .check(z.minLength(1, 'a list of at least one action')),
});

const filledIn = z.record(
  text,
  z.record(text, z.object({ value: maybe, selected_option: z.nullish(z.object({ value: text })) })),
);
const submission = z.object({
  ...sender,
  actions: absent,
  response_urls: z.optional(z.array(z.object({ response_url: text }))),
  view: z.object({
    ...{ callback_id: text, private_metadata: text, app_installed_team_id: maybe },
    state: z.object({ values: filledIn }),
  }),
});

/** Seconds since 1970, as many as an instant has. */
const seconds = z.int().check(z.gte(0), z.lte(99_999_999_999));
const accountChange = z.object({
  ...{ team_id: text, enterprise_id: maybe, event_id: text, event_time: seconds, command: absent, user: absent },
  authorizations: z.nullish(z.array(z.object({ team_id: maybe, enterprise_id: maybe }))),
  event: z.object({
    ...{ type: z.literal(accountEvent), channel: absent, channel_id: absent, item: absent, subteam: absent },
    user: z.object({ id: text }),
  }),
});

const challenge = z.object({ challenge: text });

const byType = new Map<unknown, z.ZodMiniType>([
  ['block_actions', click],
  ['view_submission', submission],
  ['event_callback', accountChange],
  ['url_verification', challenge],
]);

/** Slack tells of what nobody listens to: it is taken, or Slack would send it again. */
const unheard = z.object({
  type: z.literal('event_callback'),
  event: z.object({ type: text.check(z.refine((type) => type !== accountEvent)) }),
});

const wrong = (what: string): { do: 'refuse'; because: string } => ({
  do: 'refuse',
  because: `${what}, so nothing was done.`,
});

/** What to do with a payload. `because` quotes nothing of it but names of members. */
export type Verdict = { do: 'handle' } | { do: 'pass-over' } | { do: 'refuse'; because: string };

/** Whether a payload that Slack signed, or sent over its socket, has all that is read of it. */
export const judgePayload = (payload: unknown): Verdict => {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    return wrong('The payload is not a JSON object');
  if (unheard.safeParse(payload).success) return { do: 'pass-over' };
  const { type } = payload as { type?: unknown };
  const schema = 'command' in payload && type === undefined ? command : byType.get(type);
  if (!schema) return wrong('The payload is of no type that Daypass answers');
  const { error } = schema.safeParse(payload);
  if (!error) return { do: 'handle' };
  const path = error.issues[0]?.path.join('.') || 'a member';
  return wrong(`The payload is not what Slack documents: ${path} is missing or wrong`);
};

/** What to do about it, for whoever reads the log or the answer. */
export const payloadNext = 'See https://docs.slack.dev/interactivity for what Slack sends.';

/**
 * A body as JSON, read once: where a field comes twice, or there are over a thousand, Bolt reads a form in another way
 * than we do. A form without `payload` is a command.
 */
export const readPayload = (contentType: string | undefined, body: string): { json: string; verdict: Verdict } => {
  if (contentType === 'application/json') return { json: body, verdict: judgePayload(parsed(body)) };
  const fields = [...new URLSearchParams(body)];
  const names = new Set(fields.map(([name]) => name));
  if (names.size < fields.length) return { json: '', verdict: wrong('The form has a field more than once') };
  const payload = fields.find(([name]) => name === 'payload')?.[1];
  const json = payload ?? JSON.stringify(Object.fromEntries(fields));
  return { json, verdict: judgePayload(parsed(json)) };
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};
