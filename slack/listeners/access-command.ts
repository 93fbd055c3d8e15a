import type { App, RespondArguments } from '@slack/bolt';
import { commandName } from '#core/command-name.ts';
import { askable } from '#core/policy/decide.ts';
import { ticketIn } from '#core/policy/ticket.ts';
import { type Outcome, refuse } from '#core/refusal.ts';
import type { AccessRequest } from '#core/request/request.ts';
import { accessCommand } from '#slack/commands.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { askedAnswer, doneAnswer, helpAnswer, refusalAnswer } from '#slack/render/answers.ts';
import { listAnswer, mostAnswered } from '#slack/render/list-answer.ts';
import { loginCard } from '#slack/render/login-card.ts';
import { requestModal } from '#slack/render/modals.ts';
import { whatFor } from '#slack/render/request-words.ts';
import { cancelRequest } from '#usecases/ask/cancel-request.ts';
import { listRequests } from '#usecases/ask/list-requests.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import { findLogin } from '#usecases/login/confirm-login.ts';
import type { SlackPorts } from '../ports.ts';
import { callerOf } from './caller.ts';
import { answerExtend } from './extensions.ts';
import { answerLockdown } from './lockdowns.ts';
import { type AccessCommand, parseCommand } from './parse-command.ts';
import { idOf } from './reply.ts';
import { requestMeant } from './which-request.ts';

type Caller = ReturnType<typeof callerOf>;
/** What a signed command is: whose, with which id for what it creates, and the trigger that opens a modal. */
type Given = { caller: Caller; newId: string; triggerId: string; ports: SlackPorts };

/** `/access`: everything that is answered in the answer itself, to the one who typed it. */
export const listenForAccessCommand = (app: App, ports: SlackPorts): void => {
  app.command(accessCommand.command, async ({ command, context, ack }) => {
    const given = {
      caller: callerOf(context),
      newId: idOf(context, 'request', ports),
      triggerId: command.trigger_id,
      ports,
    };
    const answer = await answerTo(parseCommand(command.text ?? ''), given);
    await ack(answer && ({ response_type: 'ephemeral', ...answer } satisfies RespondArguments));
  });
};

/** Undefined where a modal says it all. */
const answerTo = async (command: AccessCommand, given: Given): Promise<SlackMessage | undefined> => {
  const { caller, ports } = given;
  switch (command.kind) {
    case 'help':
      return helpAnswer();
    case 'list':
      return listAnswer(
        caller.policy,
        await listRequests({ personId: caller.person.id, enough: mostAnswered }, ports),
        ports.clock.nowMs(),
      );
    case 'form':
      return openForm(given);
    case 'ask':
      return ask(command, given);
    case 'bad-duration': {
      const example = command.of === 'ask' ? 'orders-admin 30m fixing INC-42' : 'extend 30m INC-42 takes longer';
      const next = `Write it with its unit, like 90s, 30m, 1h30m or 8h: /access ${example}`;
      return refusalAnswer({ message: `“${command.typed}” is not a duration.`, next });
    }
    case 'extend':
      return answerExtend(command, given);
    case 'done':
      return end(command, given);
    case 'cancel':
      return cancel(command, given);
    case 'login':
      return logIn(command, given);
    case 'lockdown':
      return answerLockdown(command, { ...caller, newId: given.newId, triggerId: given.triggerId, ports });
  }
};

const worded = <T>(outcome: Outcome<T>, words: (value: T) => SlackMessage): SlackMessage =>
  outcome.ok ? words(outcome.value) : refusalAnswer(outcome.refusal);

const openForm = async ({ caller, newId, triggerId, ports }: Given): Promise<SlackMessage | undefined> => {
  const entitlements = askable(caller.policy, caller.person.id);
  if (entitlements.length === 0) {
    const refusal = refuse(
      'refused-by-policy',
      'There is nothing that you may ask for.',
      'Ask whoever keeps access.yaml to add you to a group.',
    );
    return refusalAnswer(refusal.refusal);
  }
  await ports.slack.openModal(triggerId, requestModal(caller.policy, entitlements, newId));
  return undefined;
};

const ask = async (
  { entitlementId, durationSec, reason }: Extract<AccessCommand, { kind: 'ask' }>,
  { caller: { person, policy }, newId, ports }: Given,
): Promise<SlackMessage> => {
  const usualSec = policy.entitlements.find(({ id }) => id === entitlementId)?.defaultDurationSec ?? 0;
  const ticket = ticketIn(policy, reason);
  const outcome = await submitRequest(
    {
      requestId: newId,
      personId: person.id,
      entitlementId,
      durationSec: durationSec ?? usualSec,
      reason,
      ...(ticket !== undefined && { ticket }),
    },
    ports,
  );
  return worded(outcome, (request) => askedAnswer(policy, request));
};

const end = async ({ id }: { id?: string }, { caller: { person, policy }, ports }: Given): Promise<SlackMessage> => {
  const grant = await requestMeant(id, person.id, 'live', ports);
  if (!grant.ok) return refusalAnswer(grant.refusal);
  const outcome = await endGrant({ requestId: grant.value, personId: person.id, reason: 'done' }, ports);
  return worded(outcome, (request: AccessRequest) =>
    doneAnswer(`Ending ${whatFor(policy, request)}: nothing more is handed out, and its sessions are being revoked.`),
  );
};

const cancel = async ({ id }: { id?: string }, { caller: { person, policy }, ports }: Given): Promise<SlackMessage> => {
  const request = await requestMeant(id, person.id, 'waiting', ports);
  if (!request.ok) return refusalAnswer(request.refusal);
  const outcome = await cancelRequest({ requestId: request.value, personId: person.id }, ports);
  return worded(outcome, (cancelled: AccessRequest) =>
    doneAnswer(`Took back the request for ${whatFor(policy, cancelled)}.`),
  );
};

/** A line confirms nothing, whatever else is in it: it may be somebody else's, handed over to be typed. */
const logIn = async ({ code }: { code: string }, { ports }: Given): Promise<SlackMessage> =>
  code === '' ? refusalAnswer(codeMissing) : worded(await findLogin({ userCode: code }, ports), loginCard);

const { refusal: codeMissing } = refuse(
  'invalid-input',
  'The code is missing.',
  `Run ${commandName} login on your machine, then type /access login CODE with the code that it shows.`,
);
