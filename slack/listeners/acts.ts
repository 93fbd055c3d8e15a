import { type ActionId, actions } from '#slack/render/buttons.ts';
import { modals } from '#slack/render/modals.ts';
import { type AccessCommand, parseCommand } from './parse-command.ts';

/**
 * `begins`: something may be granted, shown as expected, let in or lifted by it. `ends`: it says no, takes away, or
 * only shows. What ends never waits for anybody's word.
 */
type Effect = 'begins' | 'ends';

const ofButton: Readonly<Record<ActionId, Effect>> = {
  [actions.approve]: 'begins',
  [actions.deny]: 'ends',
  [actions.cancel]: 'ends',
  [actions.done]: 'ends',
  [actions.extend]: 'begins',
  [actions.revoke]: 'ends',
  [actions.approveExtension]: 'begins',
  [actions.denyExtension]: 'ends',
  [actions.confirmLogin]: 'begins',
  [actions.denyLogin]: 'ends',
  [actions.endLogin]: 'ends',
  [actions.revokeAlert]: 'ends',
  [actions.expectAlert]: 'begins',
  [actions.showAlert]: 'ends',
};

const ofModal: Readonly<Record<(typeof modals)[keyof typeof modals], Effect>> = {
  [modals.request]: 'begins',
  [modals.deny]: 'ends',
  [modals.extend]: 'begins',
  [modals.denyExtension]: 'ends',
  [modals.lockdown]: 'ends',
  [modals.lift]: 'begins',
};

const ofCommand = (command: AccessCommand): Effect => {
  switch (command.kind) {
    case 'ask':
    case 'form':
    case 'extend':
    case 'login':
      return 'begins';
    case 'lockdown':
      return command.verb === 'lift' ? 'begins' : 'ends';
    case 'help':
    case 'list':
    case 'done':
    case 'cancel':
    case 'bad-duration':
      return 'ends';
  }
};

/** The parts of a payload that say what somebody did. */
type Payload = {
  command?: unknown;
  text?: unknown;
  actions?: readonly { action_id?: unknown }[];
  view?: { callback_id?: unknown } | null;
};

const effectIn = (effects: Readonly<Record<string, Effect>>, name: unknown): Effect =>
  typeof name === 'string' && Object.hasOwn(effects, name) ? (effects[name] ?? 'begins') : 'begins';

/** What a command, a click or a submitted form does. What is not known begins something. */
export const effectOf = ({ command, text, actions: clicked, view }: Payload): Effect => {
  if (typeof command === 'string') return ofCommand(parseCommand(typeof text === 'string' ? text : ''));
  if (Array.isArray(clicked)) return effectIn(ofButton, clicked[0]?.action_id);
  return effectIn(ofModal, view?.callback_id);
};
