import { all, byType, type Check, flag, isRecord, list, oneOf, report, shape, text } from './check.ts';

/** https://docs.slack.dev/reference/block-kit/composition-objects/text-object: 3,000 where nothing smaller is said. */
const textObjectMax = 3000;

export const plainText = (max: number): Check =>
  byType({ plain_text: shape({ text: text({ max }) }, { emoji: flag }) });

export const markupText = (max: number = textObjectMax): Check =>
  byType({
    plain_text: shape({ text: text({ max }) }, { emoji: flag }),
    mrkdwn: shape({ text: text({ max }) }, { verbatim: flag }),
  });

/** https://docs.slack.dev/reference/block-kit/blocks/ `block_id` and block-elements `action_id`: 255. */
export const identifier: Check = text({ max: 255 });

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const confirmDialog: Check = shape(
  { title: plainText(100), text: markupText(300), confirm: plainText(30), deny: plainText(30) },
  { style: oneOf('primary', 'danger') },
);

/**
 * https://docs.slack.dev/reference/block-kit/composition-objects/option-object: text 75, description 75.
 * For the value Slack's types say 75 and its page 150; the smaller one is held, so that what passes here passes there.
 */
const optionOf = (label: Check): Check =>
  shape({ text: label, value: text({ max: 75 }) }, { description: markupText(75), url: text({ max: 3000 }) });

export const plainOption: Check = optionOf(plainText(75));
export const markupOption: Check = optionOf(markupText(75));

/** https://docs.slack.dev/reference/block-kit/composition-objects/option-group-object: label 75, 100 options. */
export const optionGroup: Check = shape({ label: plainText(75), options: list(plainOption, { max: 100 }) });

/** The options an element offers, whether grouped or not. Tolerates anything. */
export const offeredOptions = (element: Record<string, unknown>): readonly Record<string, unknown>[] => {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isRecord) : [];
  return [element.options, ...groups.map((group) => group.options)].flat().filter(isRecord);
};

const isOffered = (element: Record<string, unknown>, initial: unknown): boolean =>
  offeredOptions(element).some((option) => isRecord(initial) && option.value === initial.value);

/** An initial option must be one of those offered. */
export const initialIsOffered: Check = (value, at, problems) => {
  if (!isRecord(value)) return;
  if (value.initial_option !== undefined && !isOffered(value, value.initial_option))
    report(problems, `${at}/initial_option`, 'must match one of the options');
  const several = Array.isArray(value.initial_options) ? value.initial_options : [];
  several.forEach((initial, index) => {
    if (!isOffered(value, initial)) report(problems, `${at}/initial_options/${index}`, 'must match one of the options');
  });
};

export const eitherOptionsOrGroups: Check = (value, at, problems) => {
  if (!isRecord(value)) return;
  const given = ['options', 'option_groups'].filter((name) => value[name] !== undefined);
  if (given.length === 0) report(problems, at, 'missing required field: options');
  if (given.length === 2) report(problems, at, 'must have only one of: options, option_groups');
};

export const select = (own: Check): Check => all(own, eitherOptionsOrGroups, initialIsOffered);
