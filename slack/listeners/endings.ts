import type { App } from '@slack/bolt';
import { actions } from '#slack/render/buttons.ts';
import { cancelRequest } from '#usecases/ask/cancel-request.ts';
import { endGrant } from '#usecases/grant/end-grant.ts';
import type { SlackPorts } from '../ports.ts';
import { onClick } from './click.ts';

/** I'm done, Revoke, Cancel. */
export const listenForEndings = (app: App, ports: SlackPorts): void => {
  onClick(app, actions.done, ports, ({ value, personId }) =>
    endGrant({ requestId: value, personId, reason: 'done', onCard: true }, ports),
  );
  onClick(app, actions.revoke, ports, ({ value, personId }) =>
    endGrant({ requestId: value, personId, reason: 'revoked' }, ports),
  );
  onClick(app, actions.cancel, ports, ({ value, personId }) => cancelRequest({ requestId: value, personId }, ports));
};
