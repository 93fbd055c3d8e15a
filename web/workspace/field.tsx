import type { Option, OptionGroup } from '@slack/types';
import { useId } from 'react';
import type { RawValue } from '../../local/workspace/view-state.ts';
import type { AnyElement } from './acting.ts';
import { withEmoji } from './emoji.ts';
import { InlineMrkdwn } from './mrkdwn-text.tsx';

type Props = {
  element: AnyElement;
  value: RawValue;
  onChange: (value: RawValue) => void;
  /** For an element without a label of its own. */
  label?: string;
  id?: string;
  describedBy?: string | undefined;
  invalid?: boolean;
};

const textOf = (value: RawValue): string => (typeof value === 'string' ? value : '');
const placeholderOf = (element: AnyElement): string => {
  const placeholder = element.placeholder as { text?: string } | undefined;
  return withEmoji(placeholder?.text ?? '');
};
const optionsOf = (element: AnyElement): readonly Option[] => (element.options as Option[] | undefined) ?? [];
const groupsOf = (element: AnyElement): readonly OptionGroup[] =>
  (element.option_groups as OptionGroup[] | undefined) ?? [];

const attributes = ({ id, label, describedBy, invalid }: Props) => ({
  ...(id === undefined ? {} : { id }),
  ...(label === undefined ? {} : { 'aria-label': label }),
  ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
  'aria-invalid': invalid === true,
});

const TextField = (props: Props) => {
  const { element, value, onChange } = props;
  const common = {
    ...attributes(props),
    value: textOf(value),
    placeholder: placeholderOf(element),
    ...(element.focus_on_load === true ? { 'data-first-focus': true } : {}),
  };
  if (element.multiline === true)
    return <textarea className="input" rows={3} {...common} onChange={(event) => onChange(event.target.value)} />;
  return (
    <input
      className="input"
      type="text"
      autoComplete="off"
      inputMode={element.type === 'number_input' ? 'decimal' : undefined}
      {...common}
      onChange={(event) => onChange(event.target.value)}
    />
  );
};

const OptionItem = ({ option }: { option: Option }) => (
  <option value={option.value}>{withEmoji(option.text.text)}</option>
);

const SelectField = (props: Props) => (
  <select
    className="input"
    {...attributes(props)}
    value={textOf(props.value)}
    onChange={(event) => props.onChange(event.target.value === '' ? null : event.target.value)}
  >
    <option value="">{placeholderOf(props.element) || 'Choose…'}</option>
    {optionsOf(props.element).map((option) => (
      <OptionItem key={option.value} option={option} />
    ))}
    {groupsOf(props.element).map((group) => (
      <optgroup key={group.label.text} label={withEmoji(group.label.text)}>
        {group.options.map((option) => (
          <OptionItem key={option.value} option={option} />
        ))}
      </optgroup>
    ))}
  </select>
);

const OptionText = ({ text }: { text: { type: string; text: string } }) =>
  text.type === 'mrkdwn' ? <InlineMrkdwn text={text.text} /> : withEmoji(text.text);

/** Radio buttons, or checkboxes: one group, arrow keys and space as the browser has them. */
const ChoiceList = (props: Props) => {
  const name = useId();
  const many = props.element.type === 'checkboxes';
  const chosen = typeof props.value === 'string' ? [props.value] : (props.value ?? []);
  const toggle = (value: string, on: boolean): void => {
    if (!many) props.onChange(value);
    else props.onChange(on ? [...chosen, value] : chosen.filter((each) => each !== value));
  };
  return (
    <div className="choices" role={many ? 'group' : 'radiogroup'} {...attributes(props)}>
      {optionsOf(props.element).map((option) => (
        <label key={option.value} className="choice">
          <input
            type={many ? 'checkbox' : 'radio'}
            name={name}
            value={option.value ?? ''}
            checked={chosen.includes(option.value ?? '')}
            onChange={(event) => toggle(option.value ?? '', event.target.checked)}
          />
          <span>
            <OptionText text={option.text} />
            {option.description && (
              <small>
                <OptionText text={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </div>
  );
};

/** Any element that holds a value. */
export const Field = (props: Props) => {
  switch (props.element.type) {
    case 'static_select':
      return <SelectField {...props} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <ChoiceList {...props} />;
    case 'datepicker':
      return (
        <input
          className="input"
          type="date"
          {...attributes(props)}
          value={textOf(props.value)}
          onChange={(event) => props.onChange(event.target.value === '' ? null : event.target.value)}
        />
      );
    default:
      return <TextField {...props} />;
  }
};
