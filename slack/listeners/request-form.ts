import type { App, ViewSubmitAction } from '@slack/bolt';
import { decodeTime } from 'ulid';
import { ticketIn } from '#core/policy/ticket.ts';
import { typedDuration } from '#core/typed-duration.ts';
import { isUlid } from '#core/ulid.ts';
import { field, fields, modals, refusedModal } from '#slack/render/modals.ts';
import { sentences } from '#slack/render/next-step.ts';
import { submitRequest } from '#usecases/ask/submit-request.ts';
import type { SlackPorts } from '../ports.ts';
import { callerOf } from './caller.ts';
import { derivedUlid } from './derived-id.ts';
import { unknownForm } from './unknown.ts';

/**
 * The form behind `/access` was submitted. The id comes from the form's nonce, its person and what was filled in: the
 * same submission twice is one request, and one that was corrected after a refusal is another.
 */
export const listenForForms = (app: App, ports: SlackPorts): void => {
  app.view<ViewSubmitAction>(
    { callback_id: modals.request, type: 'view_submission' },
    async ({ view, context, ack }) => {
      const { person, policy } = callerOf(context);
      if (!isUlid(view.private_metadata)) return ack({ response_action: 'update', view: refusedModal(unknownForm) });
      const values = view.state.values;
      const typed = (name: string): string => values[name]?.[field]?.value?.trim() ?? '';
      const entitlementId = values[fields.entitlement]?.[field]?.selected_option?.value ?? '';
      const usualSec = policy.entitlements.find(({ id }) => id === entitlementId)?.defaultDurationSec ?? 0;
      const durationSec =
        typed(fields.duration) === '' ? usualSec : typedDuration(typed(fields.duration).toLowerCase());
      if (durationSec === undefined) {
        const problem = 'This is not a duration. Write 90s, 30m, 1h30m or 8h, or leave it empty.';
        return ack({ response_action: 'errors', errors: { [fields.duration]: problem } });
      }
      const reason = typed(fields.reason);
      const ticket = typed(fields.ticket) || ticketIn(policy, reason);
      const ask = { personId: person.id, entitlementId, durationSec, reason, ...(ticket !== undefined && { ticket }) };
      const requestId = derivedUlid(decodeTime(view.private_metadata), JSON.stringify([view.private_metadata, ask]));
      const outcome = await submitRequest({ requestId, ...ask }, ports);
      if (outcome.ok) return ack();
      return ack({ response_action: 'errors', errors: { [fields.entitlement]: sentences(outcome.refusal) } });
    },
  );
};
