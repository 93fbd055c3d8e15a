import type { App } from '@slack/bolt';
import { refuse } from '#core/refusal.ts';
import { actions } from '#slack/render/buttons.ts';
import { confirmLogin, denyLogin } from '#usecases/login/confirm-login.ts';
import type { SlackPorts } from '../ports.ts';
import { onClick } from './click.ts';

/** Confirm and Not me, under the answer of `/access login CODE`. */
export const listenForLogins = (app: App, ports: SlackPorts): void => {
  onClick(app, actions.confirmLogin, ports, ({ value, personId }) =>
    confirmLogin({ userCode: value, personId }, ports),
  );
  onClick(app, actions.denyLogin, ports, async ({ value, personId }) => {
    const outcome = await denyLogin({ userCode: value, personId }, ports);
    // No card shows a login that was turned away, so the clicker is told in words.
    return outcome.ok
      ? refuse(
          'not-allowed',
          'That login was turned away: nobody got in.',
          'If somebody sent you the code, tell your security people.',
        )
      : outcome;
  });
};
