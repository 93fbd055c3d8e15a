import type { App, ViewSubmitAction } from '@slack/bolt';
import { accessCommand } from '#slack/commands.ts';
import { refusalAnswer } from '#slack/render/answers.ts';
import { actions } from '#slack/render/buttons.ts';
import { modals, refusedModal } from '#slack/render/modals.ts';
import type { SlackPorts } from '../ports.ts';
import { callerOf } from './caller.ts';
import { tellClicker } from './reply.ts';

const noneOf = (known: readonly string[]): RegExp =>
  new RegExp(`^(?!(?:${known.map((name) => name.replace('.', '\\.')).join('|')})$)`);

const next = 'Use /access list to see where things stand.';
const unknownButton = { message: 'This button is from another version of Daypass.', next };
export const unknownForm = { message: 'This form is from another version of Daypass.', next };
const unknownCommand = {
  message: `Daypass answers ${accessCommand.command} alone.`,
  next: `See ${accessCommand.command} help.`,
};

/** A button or a form that an earlier version of Daypass made, or that is not ours at all; and another command. */
export const listenForUnknown = (app: App, ports: SlackPorts): void => {
  app.action(noneOf(Object.values(actions)), async ({ body, context, ack }) => {
    await tellClicker({ context, body }, callerOf(context).slackUserId, unknownButton, ports);
    await ack();
  });
  app.view<ViewSubmitAction>({ callback_id: noneOf(Object.values(modals)), type: 'view_submission' }, async ({ ack }) =>
    ack({ response_action: 'update', view: refusedModal(unknownForm) }),
  );
  app.command(noneOf([accessCommand.command]), async ({ ack }) =>
    ack({ response_type: 'ephemeral', ...refusalAnswer(unknownCommand) }),
  );
};
