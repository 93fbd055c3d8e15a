import type { ActionsBlock, Button } from '@slack/types';
import { clip } from '#core/clip.ts';
import { limits, oneLine, plain } from './text.ts';

/**
 * What the buttons are called in the payload of a click. A button's value is an id, or two that belong together, and
 * nothing else.
 */
export const actions = {
  approve: 'request.approve',
  deny: 'request.deny',
  cancel: 'request.cancel',
  done: 'grant.done',
  extend: 'grant.extend',
  revoke: 'grant.revoke',
  approveExtension: 'extension.approve',
  denyExtension: 'extension.deny',
  confirmLogin: 'login.confirm',
  denyLogin: 'login.deny',
  endLogin: 'login.end',
  revokeAlert: 'alert.revoke',
  expectAlert: 'alert.expected',
  showAlert: 'alert.details',
} as const;

export type ActionId = (typeof actions)[keyof typeof actions];

type Face = {
  label: string;
  /** What a screen reader says: with whom and what it is about. At most 75 characters, like the label. */
  spoken: string;
  style?: 'primary' | 'danger';
  confirm?: { title: string; text: string; yes: string };
};

export const button = (action: ActionId, id: string, face: Face): Button => ({
  type: 'button',
  action_id: action,
  value: id,
  text: { ...plain(face.label, limits.button), emoji: true },
  accessibility_label: clip(oneLine(face.spoken), limits.button),
  ...(face.style && { style: face.style }),
  ...(face.confirm && {
    confirm: {
      title: plain(face.confirm.title, 100),
      text: plain(face.confirm.text, 300),
      confirm: plain(face.confirm.yes, 30),
      deny: plain('Keep it', 30),
      ...(face.style && { style: face.style }),
    },
  }),
});

/** One row of buttons. `block_id` is the same at every update, so that a click on an older rendering still finds it. */
export const row = (blockId: string, ...elements: Button[]): ActionsBlock => ({
  type: 'actions',
  block_id: blockId,
  elements,
});
