import type { App } from '@slack/bolt';
import { done, notFound } from '#core/refusal.ts';
import { actions } from '#slack/render/buttons.ts';
import { alertDetails } from '#slack/render/modals.ts';
import { answerAlert } from '#usecases/alert/answer-alert.ts';
import type { SlackPorts } from '../ports.ts';
import { onClick } from './click.ts';

/** Revoke, Expected, Details on an alert. */
export const listenForAlerts = (app: App, ports: SlackPorts): void => {
  onClick(app, actions.revokeAlert, ports, ({ value, personId }) =>
    answerAlert({ alertId: value, personId, action: 'revoke' }, ports),
  );
  onClick(app, actions.expectAlert, ports, ({ value, personId }) =>
    answerAlert({ alertId: value, personId, action: 'expected' }, ports),
  );
  onClick(app, actions.showAlert, ports, async ({ value, triggerId }) => {
    const alert = await ports.alerts.get(value);
    if (!alert) return notFound('alert');
    await ports.slack.openModal(triggerId, alertDetails(alert));
    return done(undefined);
  });
};
