import type { App, ViewSubmitAction } from '@slack/bolt';
import { decodeTime } from 'ulid';
import * as z from 'zod/mini';
import { scopeNamed } from '#core/lockdown/name-scope.ts';
import { typedName } from '#core/lockdown/words.ts';
import { mayLockDown } from '#core/policy/decide.ts';
import type { Person, Policy } from '#core/policy/policy.ts';
import { isUlid } from '#core/ulid.ts';
import type { SlackMessage } from '#slack/ports.ts';
import { refusalAnswer } from '#slack/render/answers.ts';
import {
  type LockdownOrder,
  liftModal,
  lockdownDoneModal,
  lockdownModal,
  lockdownsAnswer,
} from '#slack/render/lockdown-modals.ts';
import { field, fields, modals, refusedModal } from '#slack/render/modals.ts';
import { beginLockdown } from '#usecases/lockdown/begin-lockdown.ts';
import { liftLockdown, lockdownOn } from '#usecases/lockdown/lift-lockdown.ts';
import { listLockdowns } from '#usecases/lockdown/list-lockdowns.ts';
import { previewLockdown } from '#usecases/lockdown/preview-lockdown.ts';
import type { SlackPorts } from '../ports.ts';
import { callerOf } from './caller.ts';
import { derivedUlid } from './derived-id.ts';
import type { AccessCommand } from './parse-command.ts';
import { unknownForm } from './unknown.ts';

type LockdownCommand = Extract<AccessCommand, { kind: 'lockdown' }>;
type Given = { person: Person; policy: Policy; newId: string; triggerId: string; ports: SlackPorts };

/** `/access lockdown …`: what is in force, or a modal that asks once more. Undefined where the modal says it all. */
export const answerLockdown = async (command: LockdownCommand, given: Given): Promise<SlackMessage | undefined> => {
  const { person, policy, ports } = given;
  if (command.verb === 'list') {
    const lockdowns = await listLockdowns({ personId: person.id }, ports);
    return lockdownsAnswer(policy, lockdowns, mayLockDown(policy, person.id));
  }
  return command.verb === 'begin' ? openLockdown(command, given) : openLift(command, given);
};

const openLockdown = async (
  { scope: kind, name, reason }: LockdownCommand,
  { person, policy, newId, triggerId, ports }: Given,
): Promise<SlackMessage | undefined> => {
  const scope = scopeNamed(policy, kind, name);
  // Whoever may not is told that alone, whether or not there is such a person or role.
  const preview = await previewLockdown(
    { scope: scope.ok ? scope.value : { kind: 'account', accountId: '' }, personId: person.id },
    ports,
  );
  if (!preview.ok) return refusalAnswer(preview.refusal);
  if (!scope.ok) return refusalAnswer(scope.refusal);
  if (preview.value.already) return lockdownsAnswer(policy, [preview.value.already], true);
  const view = lockdownModal(policy, preview.value, { nonce: newId, personId: person.id, reason });
  await ports.slack.openModal(triggerId, view);
  return undefined;
};

const openLift = async (
  { scope: kind, name, reason }: LockdownCommand,
  { person, policy, triggerId, ports }: Given,
): Promise<SlackMessage | undefined> => {
  const lockdown = await lockdownOn({ kind, name, personId: person.id }, ports);
  if (!lockdown.ok) return refusalAnswer(lockdown.refusal);
  await ports.slack.openModal(triggerId, liftModal(policy, lockdown.value, reason));
  return undefined;
};

/** The two modals were submitted. Who may do it is decided again; submitting twice is once. */
export const listenForLockdowns = (app: App, ports: SlackPorts): void => {
  app.view<ViewSubmitAction>(
    { callback_id: modals.lockdown, type: 'view_submission' },
    async ({ view, context, ack }) => {
      const { person, policy } = callerOf(context);
      const reason = reasonIn(view);
      if (reason === '') return ack(missingReason);
      const order = orderIn(view);
      if (!order) return ack({ response_action: 'update', view: refusedModal(unknownForm) });
      const { nonce, scope, told } = order;
      // What is no longer in the policy, or never was, would stand there for ever and stop nothing.
      const known = scopeNamed(policy, scope.kind, typedName(policy, scope));
      if (!known.ok) return ack({ response_action: 'update', view: refusedModal(known.refusal) });
      const lockdownId = derivedUlid(decodeTime(nonce), JSON.stringify(['lockdown', view.private_metadata, person.id]));
      const outcome = await beginLockdown({ lockdownId, scope, reason, personId: person.id, told }, ports);
      const next = outcome.ok ? lockdownDoneModal(policy, scope, false) : refusedModal(outcome.refusal);
      return ack({ response_action: 'update', view: next });
    },
  );
  app.view<ViewSubmitAction>({ callback_id: modals.lift, type: 'view_submission' }, async ({ view, context, ack }) => {
    const { person, policy } = callerOf(context);
    const reason = reasonIn(view);
    if (reason === '') return ack(missingReason);
    if (!isUlid(view.private_metadata)) return ack({ response_action: 'update', view: refusedModal(unknownForm) });
    const lift = { lockdownId: view.private_metadata, personId: person.id, reason };
    const outcome = await liftLockdown(lift, ports);
    const next = outcome.ok ? lockdownDoneModal(policy, outcome.value.scope, true) : refusedModal(outcome.refusal);
    return ack({ response_action: 'update', view: next });
  });
};

const role = { accountId: z.string(), roleName: z.string() };
const orderShape = z.object({
  nonce: z.string().check(z.refine(isUlid)),
  scope: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('person'), personId: z.string() }),
    z.object({ kind: z.literal('role'), ...role }),
    z.object({ kind: z.literal('account'), accountId: z.string() }),
  ]),
  told: z.record(z.string(), z.number()),
});

/** What the modal that asked once more was about; undefined where it is none of ours. */
const orderIn = (view: ViewSubmitAction['view']): LockdownOrder | undefined => {
  try {
    return orderShape.safeParse(JSON.parse(view.private_metadata)).data;
  } catch {
    return undefined;
  }
};

const reasonIn = (view: ViewSubmitAction['view']): string =>
  view.state.values[fields.reason]?.[field]?.value?.trim() ?? '';

const missingReason = {
  response_action: 'errors',
  errors: { [fields.reason]: 'Say why: it is kept, and those who are hit read it.' },
} as const;
