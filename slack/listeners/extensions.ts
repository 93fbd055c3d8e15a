import type { App, ViewSubmitAction } from '@slack/bolt';
import { decodeTime } from 'ulid';
import { extensionById } from '#core/grant/extension.ts';
import { roomOf } from '#core/grant/judge-more-time.ts';
import type { Person, Policy } from '#core/policy/policy.ts';
import { reasonProblem } from '#core/policy/reason.ts';
import { done, notFound, type Outcome } from '#core/refusal.ts';
import { typedDuration } from '#core/typed-duration.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { refusalAnswer } from '#slack/render/answers.ts';
import { actions } from '#slack/render/buttons.ts';
import { denyExtensionModal, type Extendable, extendModal } from '#slack/render/extension-modals.ts';
import { extensionAnswer } from '#slack/render/extension-notes.ts';
import { field, fields, modals, refusedModal } from '#slack/render/modals.ts';
import { sentences } from '#slack/render/next-step.ts';
import { askExtension, leastMoreTime } from '#usecases/ask/ask-extension.ts';
import { answerExtension } from '#usecases/decide/answer-extension.ts';
import type { SlackPorts } from '../ports.ts';
import { callerOf } from './caller.ts';
import { onClick } from './click.ts';
import { derivedUlid } from './derived-id.ts';
import { readPairId } from './pair-id.ts';
import type { AccessCommand } from './parse-command.ts';
import { requestMeant } from './which-request.ts';

type View = ViewSubmitAction['view'];
type Opening = { requestId: string; personId: string; policy: Policy; newId: string; triggerId: string };

const typedIn = (view: View, name: string): string => view.state.values[name]?.[field]?.value?.trim() ?? '';

/** A grant that its holder can have extended, and by how much; or why not, whatever they asked for. */
const extendable = async (
  { requestId, personId, policy, newId }: Omit<Opening, 'triggerId'>,
  ports: SlackPorts,
): Promise<Outcome<Extendable>> => {
  const order = { requestId, personId, extensionId: newId, ...leastMoreTime };
  const allowed = await askExtension(order, ports, { dryRun: true });
  if (!allowed.ok) return allowed;
  const request = allowed.value;
  const room = request.status === 'active' ? roomOf(policy, request) : undefined;
  return request.status === 'active' && room ? done({ request, ...room }) : notFound('request');
};

/** Opens the form, or says why there is nothing to fill in. */
const openForm = async (opening: Opening, ports: SlackPorts): Promise<Outcome<Extendable>> => {
  const { policy, newId, triggerId } = opening;
  const grant = await extendable(opening, ports);
  if (grant.ok) await ports.slack.openModal(triggerId, extendModal(policy, grant.value, newId));
  return grant;
};

type ExtendCommand = Extract<AccessCommand, { kind: 'extend' }>;
type Given = { caller: { person: Person; policy: Policy }; newId: string; triggerId: string; ports: SlackPorts };

/** `/access extend …`. Undefined where the form says it all. */
export const answerExtend = async (
  { id, bySec, reason }: ExtendCommand,
  { caller: { person, policy }, newId, triggerId, ports }: Given,
): Promise<SlackMessage | undefined> => {
  const grant = await requestMeant(id, person.id, 'live', ports, 'extend');
  if (!grant.ok) return refusalAnswer(grant.refusal);
  const which = { requestId: grant.value, personId: person.id };
  if (bySec === undefined) {
    const opened = await openForm({ ...which, policy, newId, triggerId }, ports);
    return opened.ok ? undefined : refusalAnswer(opened.refusal);
  }
  const outcome = await askExtension({ ...which, extensionId: newId, bySec, reason }, ports);
  if (!outcome.ok) return refusalAnswer(outcome.refusal);
  const extension = extensionById(outcome.value, newId);
  // Handled again after the grant was over: then there is nothing to say but that.
  if (!extension || outcome.value.status !== 'active') return refusalAnswer(notFound('live grant').refusal);
  return extensionAnswer(policy, outcome.value, extension);
};

/**
 * Extend… with its form; Approve and Deny… under what was asked. Who may do it is decided at the click and again at the
 * submission.
 */
export const listenForExtensions = (app: App, ports: SlackPorts): void => {
  onClick(app, actions.extend, ports, ({ value, ...click }) => openForm({ requestId: value, ...click }, ports));
  onClick(app, actions.approveExtension, ports, async ({ value, personId }) => {
    const pair = readPairId(value);
    if (!pair) return notFound('extension');
    const ballot = { requestId: pair.requestId, extensionId: pair.otherId, personId, verdict: 'approve' } as const;
    return answerExtension(ballot, ports);
  });
  onClick(app, actions.denyExtension, ports, async ({ value, personId, triggerId }) => {
    const pair = readPairId(value);
    if (!pair) return notFound('extension');
    const ballot = { requestId: pair.requestId, extensionId: pair.otherId, personId, verdict: 'deny' } as const;
    const allowed = await answerExtension(ballot, ports, { dryRun: true });
    if (allowed.ok) await ports.slack.openModal(triggerId, denyExtensionModal(value));
    return allowed;
  });
  app.view<ViewSubmitAction>(
    { callback_id: modals.extend, type: 'view_submission' },
    async ({ view, context, ack }) => {
      const errors = await submitForm(view, callerOf(context), ports);
      return errors ? ack({ response_action: 'errors', errors }) : ack();
    },
  );
  app.view<ViewSubmitAction>(
    { callback_id: modals.denyExtension, type: 'view_submission' },
    async ({ view, context, ack }) => {
      const reason = typedIn(view, fields.reason);
      if (reason === '')
        return ack({ response_action: 'errors', errors: { [fields.reason]: 'Say why, so that they can do better.' } });
      const pair = readPairId(view.private_metadata);
      const ballot = { personId: callerOf(context).person.id, verdict: 'deny', reason } as const;
      const outcome = pair
        ? await answerExtension({ requestId: pair.requestId, extensionId: pair.otherId, ...ballot }, ports)
        : notFound('extension');
      if (outcome.ok) return ack();
      return ack({ response_action: 'update', view: refusedModal(outcome.refusal) });
    },
  );
};

/**
 * What is wrong with the form, by field; undefined once more time is asked for. The id comes from the form's nonce, its
 * person and what was filled in: the same submission twice is one extension.
 */
const submitForm = async (
  view: View,
  { person: { id: personId }, policy }: Given['caller'],
  ports: SlackPorts,
): Promise<Record<string, string> | undefined> => {
  const metadata = view.private_metadata;
  const pair = readPairId(metadata);
  if (!pair) return { [fields.reason]: sentences(notFound('request').refusal) };
  const reason = typedIn(view, fields.reason);
  const bySec = typedDuration(typedIn(view, fields.duration).toLowerCase());
  const problem = reasonProblem(reason);
  if (bySec === undefined || problem !== undefined) {
    return {
      ...(bySec === undefined && { [fields.duration]: 'This is not a duration. Write 15m, 30m, 1h30m or 2h.' }),
      ...(problem !== undefined && { [fields.reason]: problem }),
    };
  }
  const ask = { requestId: pair.requestId, personId, bySec, reason };
  const extensionId = derivedUlid(decodeTime(pair.otherId), JSON.stringify(['extend', metadata, ask]));
  const outcome = await askExtension({ extensionId, ...ask }, ports);
  if (outcome.ok) return undefined;
  const grant = await extendable({ ...ask, policy, newId: extensionId }, ports);
  const isTooLong = grant.ok && bySec > grant.value.leftSec;
  return { [isTooLong ? fields.duration : fields.reason]: sentences(outcome.refusal) };
};
