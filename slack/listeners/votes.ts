import type { App, ViewSubmitAction } from '@slack/bolt';
import { isUlid } from '#core/ulid.ts';
import { actions } from '#slack/render/buttons.ts';
import { denyModal, field, fields, modals, refusedModal } from '#slack/render/modals.ts';
import { castVote } from '#usecases/decide/cast-vote.ts';
import type { SlackPorts } from '../ports.ts';
import { callerOf } from './caller.ts';
import { onClick } from './click.ts';
import { unknownForm } from './unknown.ts';

/** Approve; Deny… with a modal for the reason. Who may do it is decided at the click and again at the submission. */
export const listenForVotes = (app: App, ports: SlackPorts): void => {
  onClick(app, actions.approve, ports, ({ value, personId }) =>
    castVote({ requestId: value, personId, verdict: 'approve' }, ports),
  );
  onClick(app, actions.deny, ports, async ({ value, personId, triggerId }) => {
    // Before they are made to write a reason: whether a no of theirs would count.
    const allowed = await castVote({ requestId: value, personId, verdict: 'deny' }, ports, { dryRun: true });
    if (allowed.ok) await ports.slack.openModal(triggerId, denyModal(value));
    return allowed;
  });
  app.view<ViewSubmitAction>({ callback_id: modals.deny, type: 'view_submission' }, async ({ view, context, ack }) => {
    if (!isUlid(view.private_metadata)) return ack({ response_action: 'update', view: refusedModal(unknownForm) });
    const reason = view.state.values[fields.reason]?.[field]?.value?.trim() ?? '';
    if (reason === '')
      return ack({ response_action: 'errors', errors: { [fields.reason]: 'Say why, so that they can do better.' } });
    const ballot = {
      requestId: view.private_metadata,
      personId: callerOf(context).person.id,
      verdict: 'deny',
      reason,
    } as const;
    const outcome = await castVote(ballot, ports);
    if (outcome.ok) return ack();
    return ack({ response_action: 'update', view: refusedModal(outcome.refusal) });
  });
};
