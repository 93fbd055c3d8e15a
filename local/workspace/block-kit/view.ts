import type { ModalView } from '@slack/types';
import { modalRules } from './blocks.ts';
import { all, type Check, flag, isRecord, oneOf, type Problems, report, shape, text } from './check.ts';
import { plainText } from './composition.ts';

/** https://docs.slack.dev/surfaces/modals and views.open: an input needs a submit button. */
const inputNeedsSubmit: Check = (value, at, problems) => {
  if (!isRecord(value) || !Array.isArray(value.blocks)) return;
  if (value.submit === undefined && value.blocks.some((block) => isRecord(block) && block.type === 'input'))
    report(problems, at, 'missing required field: submit');
};

/**
 * https://docs.slack.dev/reference/views/modal-views: title, submit and close 24; callback_id 255; private_metadata
 * 3,000.
 */
const modal = all(
  shape(
    { type: oneOf('modal'), title: plainText(24), blocks: modalRules },
    {
      submit: plainText(24),
      close: plainText(24),
      private_metadata: text({ min: 0, max: 3000 }),
      callback_id: text({ min: 0, max: 255 }),
      external_id: text({ min: 0, max: 255 }),
      clear_on_close: flag,
      notify_on_close: flag,
      submit_disabled: flag,
    },
  ),
  inputNeedsSubmit,
);

/** views.open: a view of more than 250 kB is `view_too_large`. */
export const viewMaxBytes = 250_000;

export const viewProblems = (view: unknown): Problems => {
  const problems: Problems = [];
  if (isRecord(view) && view.type !== undefined && view.type !== 'modal')
    report(problems, '/view/type', `unsupported type: ${String(view.type)}`);
  modal(view, '/view', problems);
  return problems;
};

/** A view that has no problems. */
export const isModal = (view: unknown): view is ModalView => viewProblems(view).length === 0;
