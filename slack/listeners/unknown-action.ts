import type { App } from '@slack/bolt';
import { actions } from '#slack/render/buttons.ts';
import type { SlackPorts } from '../ports.ts';
import { callerOf } from './caller.ts';
import { tellClicker } from './reply.ts';

const known = Object.values(actions).map((id) => id.replace('.', '\\.'));
const unknown = new RegExp(`^(?!(?:${known.join('|')})$)`);

/** A button that an earlier version of Daypass posted, or that is not ours at all. */
export const listenForUnknownActions = (app: App, ports: SlackPorts): void => {
  app.action(unknown, async ({ body, context, ack }) => {
    const words = {
      message: 'This button is from another version of Daypass.',
      next: 'Use /access list to see where things stand.',
    };
    await tellClicker({ context, body }, callerOf(context).slackUserId, words, ports);
    await ack();
  });
};
