import { messageShape } from '../api/shapes.ts';
import { isRecord } from '../block-kit/check.ts';
import { offeredOptions } from '../block-kit/composition.ts';
import { findElement, type Located } from '../block-kit/find-element.ts';
import { findConversation, isMember, type Person } from '../directory.ts';
import { viewShape } from '../view-output.ts';
import { elementState, type RawValue, readState } from '../view-state.ts';
import { type Act, done, refuse, type World } from './act.ts';
import type { ClickRequest } from './contract.ts';
import { commonPayload, payloadForm, responseUrl } from './payload.ts';

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload: one entry of `actions`. */
const actionShape = ({ element, blockId, actionId }: Located, value: RawValue, actionTs: string) => {
  const ids = { action_id: actionId, block_id: blockId };
  const given = (name: string) => (element[name] === undefined ? {} : { [name]: element[name] });
  if (element.type === 'button')
    return {
      ...ids,
      ...given('text'),
      ...given('value'),
      ...given('style'),
      ...given('url'),
      type: 'button',
      action_ts: actionTs,
    };
  if (element.type === 'overflow') {
    const selected = offeredOptions(element).find((option) => option.value === value);
    return { type: 'overflow', ...ids, selected_option: selected ?? null, action_ts: actionTs };
  }
  return { ...elementState(element, value), ...ids, ...given('placeholder'), action_ts: actionTs };
};

const gone = 'This is no longer here, so nothing was done. Look at the newest message.';
const noAnswer = (failure: string) => `The app did not take that (${failure}). Wait a moment and press it again.`;

const send = async (world: World, payload: Record<string, unknown>) => {
  const answer = await world.ingress.send(payloadForm(payload));
  return answer.ok ? done : refuse(noAnswer(answer.failure));
};

const clickInMessage = (world: World, person: Person, request: ClickRequest & { channel: string; ts: string }) => {
  const { parts, origin } = world;
  const conversation = findConversation(parts.directory, request.channel);
  if (!conversation || !isMember(parts.directory, conversation, person.id)) return refuse(gone);
  const whispered = parts.ephemerals.find(person.id, conversation.id, request.ts);
  const message = whispered ?? parts.store.find(conversation.id, request.ts);
  const located = findElement(message?.blocks ?? [], request.blockId, request.actionId);
  if (!message || !located) return refuse(gone);
  const value = request.value ?? null;
  const source = { ts: message.ts, ephemeral: whispered !== undefined };
  const thread = message.threadTs === undefined ? {} : { threadTs: message.threadTs };
  return send(world, {
    type: 'block_actions',
    ...commonPayload(parts, person),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: conversation.id,
      is_ephemeral: source.ephemeral,
      ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    },
    trigger_id: parts.triggers.issue(person.id),
    channel: { id: conversation.id, name: conversation.name },
    // Slack leaves the message out for an ephemeral one: an app may not count on reading it back.
    ...(whispered ? {} : { message: messageShape(parts, message, false) }),
    state: { values: readState(message.blocks ?? [], { [located.blockId]: { [located.actionId]: value } }) },
    response_url: responseUrl(parts, origin, {
      conversationId: conversation.id,
      personId: person.id,
      source,
      ...thread,
    }),
    actions: [actionShape(located, value, parts.nextTs())],
  });
};

const clickInView = (world: World, person: Person, request: ClickRequest & { viewId: string }) => {
  const { parts } = world;
  const view = parts.views.stackOf(person.id).find((each) => each.id === request.viewId);
  const located = view && findElement(view.blocks, request.blockId, request.actionId);
  if (!view || !located) return refuse(gone);
  const values = 'values' in request && isRecord(request.values) ? request.values : {};
  return send(world, {
    type: 'block_actions',
    ...commonPayload(parts, person),
    container: { type: 'view', view_id: view.id },
    trigger_id: parts.triggers.issue(person.id, view.id),
    view: viewShape(parts, view, readState(view.blocks, values)),
    actions: [actionShape(located, request.value ?? null, parts.nextTs())],
  });
};

/** A button pressed or a choice made, in a message or in a modal. */
export const click: Act<ClickRequest> = (world, person, request) =>
  'viewId' in request ? clickInView(world, person, request) : clickInMessage(world, person, request);
