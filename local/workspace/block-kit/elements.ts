import { all, type Check, flag, integer, list, oneOf, pattern, shape, text } from './check.ts';
import {
  confirmDialog,
  identifier,
  initialIsOffered,
  markupOption,
  optionGroup,
  plainOption,
  plainText,
  select,
} from './composition.ts';

/** Limits: https://docs.slack.dev/reference/block-kit/block-elements/ and the element's own page there. */
const own = { action_id: identifier, confirm: confirmDialog, focus_on_load: flag };
const placeholder = plainText(150);

const button = shape(
  { text: plainText(75) },
  {
    action_id: identifier,
    confirm: confirmDialog,
    value: text({ max: 2000 }),
    url: text({ max: 3000 }),
    style: oneOf('primary', 'danger'),
    accessibility_label: text({ max: 75 }),
  },
);

const overflow = shape({ options: list(plainOption, { max: 5 }) }, { action_id: identifier, confirm: confirmDialog });

const staticSelect = select(
  shape(
    {},
    {
      ...own,
      options: list(plainOption, { max: 100 }),
      option_groups: list(optionGroup, { max: 100 }),
      initial_option: plainOption,
      placeholder,
    },
  ),
);

const radioButtons = all(
  shape({ options: list(markupOption, { max: 10 }) }, { ...own, initial_option: markupOption }),
  initialIsOffered,
);

const checkboxes = all(
  shape({ options: list(markupOption, { max: 10 }) }, { ...own, initial_options: list(markupOption, { max: 10 }) }),
  initialIsOffered,
);

const datePicker = shape(
  {},
  { ...own, initial_date: pattern(/^\d{4}-\d{2}-\d{2}$/, 'must be a date: YYYY-MM-DD'), placeholder },
);

const image = shape({ alt_text: text({ max: 2000 }) }, { image_url: text({ max: 3000 }) });

const dispatchConfig = shape({
  trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 }),
});

const plainTextInput = shape(
  {},
  {
    action_id: identifier,
    focus_on_load: flag,
    multiline: flag,
    placeholder,
    initial_value: text({ min: 0, max: 3000 }),
    min_length: integer(0, 3000),
    max_length: integer(1, 3000),
    dispatch_action_config: dispatchConfig,
  },
);

const numeral = pattern(/^-?\d+(\.\d+)?$/, 'must be a number in a string');

const numberInput = shape(
  { is_decimal_allowed: flag },
  {
    action_id: identifier,
    focus_on_load: flag,
    initial_value: numeral,
    min_value: numeral,
    max_value: numeral,
    placeholder,
    dispatch_action_config: dispatchConfig,
  },
);

const addressInput = shape(
  {},
  { action_id: identifier, focus_on_load: flag, initial_value: text({ min: 0, max: 3000 }), placeholder },
);

const choices = { static_select: staticSelect, radio_buttons: radioButtons, checkboxes, datepicker: datePicker };

export const actionsElements: Readonly<Record<string, Check>> = { button, overflow, ...choices };
export const accessoryElements: Readonly<Record<string, Check>> = { ...actionsElements, image };
export const inputElements: Readonly<Record<string, Check>> = {
  ...choices,
  plain_text_input: plainTextInput,
  number_input: numberInput,
  email_text_input: addressInput,
  url_text_input: addressInput,
};
export const contextImage: Check = image;
