import { App, type Receiver } from '@slack/bolt';
import { mendTexts } from '#core/clip.ts';
import { boltLogger } from '#slack/ingress/bolt-logger.ts';
import { authorizeBy } from '#slack/listeners/caller.ts';
import { gate } from '#slack/listeners/gate.ts';
import { listenForAccessCommand } from './listeners/access-command.ts';
import { listenForAccounts } from './listeners/accounts.ts';
import { listenForAlerts } from './listeners/alerts.ts';
import { listenForEndings } from './listeners/endings.ts';
import { listenForExtensions } from './listeners/extensions.ts';
import { listenForLockdowns } from './listeners/lockdowns.ts';
import { listenForLogins } from './listeners/logins.ts';
import { listenForForms } from './listeners/request-form.ts';
import { listenForUnknown } from './listeners/unknown.ts';
import { listenForVotes } from './listeners/votes.ts';
import type { SlackPorts } from './ports.ts';

/**
 * Bolt with our listeners, the same on every receiver. It needs no token and calls Slack only to open a modal, through
 * the port. A receiver that hands on `signed` (see `signedMark`) gets the same id for the same signed request.
 */
export const slackApp = (receiver: Receiver, ports: SlackPorts): App => {
  const app = new App({
    receiver,
    authorize: authorizeBy(ports),
    logger: boltLogger(ports.log),
    // Neither our own messages nor state of conversations are looked at.
    ignoreSelf: false,
    convoStore: false,
  });
  // Before anybody reads it: half a character could not be stored.
  app.use(async ({ body, next }) => {
    mendTexts(body);
    await next();
  });
  gate(app, ports);
  listenForAccessCommand(app, ports);
  listenForForms(app, ports);
  listenForVotes(app, ports);
  listenForEndings(app, ports);
  listenForExtensions(app, ports);
  listenForLogins(app, ports);
  listenForAlerts(app, ports);
  listenForAccounts(app, ports);
  listenForLockdowns(app, ports);
  listenForUnknown(app, ports);
  return app;
};
