import { randomBytes } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { assignIds } from './block-kit/assign-ids.ts';
import { isModal, viewMaxBytes, viewProblems } from './block-kit/view.ts';
import type { OpenView } from './open-views.ts';
import type { Parts } from './parts.ts';
import { SlackRefusal } from './refusal.ts';
import type { StateValues } from './view-state.ts';

/** Throws `SlackRefusal`: invalid_arguments with the problems, view_too_large, duplicate_external_id. */
export const checkView = (parts: Parts, view: unknown, replacing?: OpenView): ModalView => {
  if (view !== undefined && Buffer.byteLength(JSON.stringify(view)) > viewMaxBytes)
    throw new SlackRefusal('view_too_large');
  if (!isModal(view)) throw new SlackRefusal('invalid_arguments', viewProblems(view));
  const taken = parts.views.findExternal(view.external_id ?? '');
  if (taken && taken.id !== replacing?.id) throw new SlackRefusal('duplicate_external_id');
  return view;
};

const newHash = (parts: Parts): string => `${Math.floor(parts.clock.nowMs() / 1000)}.${randomBytes(4).toString('hex')}`;

/** A checked view as it is put before the person, on top of `below` or alone. */
export const toOpenView = (parts: Parts, personId: string, modal: ModalView, below?: OpenView): OpenView => {
  const id = `V${randomBytes(5).toString('hex').toUpperCase()}`;
  return {
    id,
    personId,
    rootId: below?.rootId ?? id,
    previousId: below?.id ?? null,
    hash: newHash(parts),
    modal,
    blocks: assignIds(modal.blocks, id),
  };
};

/** The same place in the stack with another view in it. Ids of unnamed blocks stay, so that what was typed stays. */
export const withModal = (parts: Parts, view: OpenView, modal: ModalView): OpenView => ({
  ...view,
  modal,
  hash: newHash(parts),
  blocks: assignIds(modal.blocks, view.id),
});

/**
 * The view in an answer or a payload: https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
 */
export const viewShape = (parts: Parts, view: OpenView, values: StateValues = {}): Record<string, unknown> => ({
  id: view.id,
  team_id: parts.directory.team.id,
  type: 'modal',
  blocks: view.blocks,
  private_metadata: view.modal.private_metadata ?? '',
  callback_id: view.modal.callback_id ?? '',
  external_id: view.modal.external_id ?? '',
  state: { values },
  hash: view.hash,
  title: view.modal.title,
  submit: view.modal.submit ?? null,
  close: view.modal.close ?? null,
  clear_on_close: view.modal.clear_on_close ?? false,
  notify_on_close: view.modal.notify_on_close ?? false,
  submit_disabled: false,
  previous_view_id: view.previousId,
  root_view_id: view.rootId,
  app_id: parts.directory.bot.appId,
  app_installed_team_id: parts.directory.team.id,
  bot_id: parts.directory.bot.botId,
});
