import type { App } from '@slack/bolt';
import { actions } from '#slack/render/buttons.ts';
import { loginCard } from '#slack/render/login-card.ts';
import { confirmLogin, denyLogin } from '#usecases/login/confirm-login.ts';
import { endLogin } from '#usecases/login/end-login.ts';
import type { SlackPorts } from '../ports.ts';
import { onClick } from './click.ts';

/**
 * Confirm and Not me, under the answer of `/access login CODE`; “Not me: end it” after Confirm, there and in the note
 * about it.
 */
export const listenForLogins = (app: App, ports: SlackPorts): void => {
  onClick(
    app,
    actions.confirmLogin,
    ports,
    ({ value, personId }) => confirmLogin({ userCode: value, personId }, ports),
    loginCard,
  );
  onClick(
    app,
    actions.denyLogin,
    ports,
    ({ value, personId }) => denyLogin({ userCode: value, personId }, ports),
    loginCard,
  );
  onClick(
    app,
    actions.endLogin,
    ports,
    ({ value, personId }) => endLogin({ loginId: value, personId }, ports),
    loginCard,
  );
};
