import type { Button as SlackButton, Overflow as SlackOverflow } from '@slack/types';
import { useEffect, useRef, useState } from 'react';
import type { RawValue } from '../../local/workspace/view-state.ts';
import { type AnyElement, useActing } from './acting.ts';
import { Confirm } from './confirm.tsx';
import { withEmoji } from './emoji.ts';
import { Field } from './field.tsx';

/** Does it at once, or after the question that the element asks first. */
const useConfirmed = (element: AnyElement, run: (value?: RawValue) => void) => {
  const [asking, setAsking] = useState<{ value?: RawValue }>();
  const start = (value?: RawValue): void => {
    if (element.confirm) setAsking(value === undefined ? {} : { value });
    else run(value);
  };
  const question = asking && element.confirm && (
    <Confirm
      dialog={element.confirm}
      onNo={() => setAsking(undefined)}
      onYes={() => {
        setAsking(undefined);
        run(asking.value);
      }}
    />
  );
  return { start, question };
};

/** True from the moment of the click until the app has answered. */
const useBusy = () => {
  const [busy, setBusy] = useState(false);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const during = async (work: Promise<void>): Promise<void> => {
    setBusy(true);
    await work;
    if (here.current) setBusy(false);
  };
  return { busy, during };
};

type Props = { blockId: string; element: AnyElement };

const ButtonElement = ({ blockId, element }: Props) => {
  const { act } = useActing();
  const { busy, during } = useBusy();
  const { start, question } = useConfirmed(element, () => void during(act(blockId, element.action_id)));
  const { text, style, url, accessibility_label: label } = element as unknown as SlackButton;
  return (
    <>
      <button
        type="button"
        className={`button ${style ?? ''}`}
        aria-busy={busy}
        aria-disabled={busy}
        {...(label === undefined ? {} : { 'aria-label': label })}
        onClick={() => {
          if (busy) return;
          if (url && /^https?:\/\//.test(url)) window.open(url, '_blank', 'noreferrer');
          start();
        }}
      >
        {withEmoji(text.text)}
      </button>
      {question}
    </>
  );
};

const OverflowElement = ({ blockId, element }: Props) => {
  const { act } = useActing();
  const { busy, during } = useBusy();
  const { start, question } = useConfirmed(element, (value) => void during(act(blockId, element.action_id, value)));
  const { options } = element as unknown as SlackOverflow;
  return (
    <>
      <select
        className="overflow"
        aria-label="More actions"
        aria-busy={busy}
        value=""
        onChange={(event) => start(event.target.value)}
      >
        <option value="" disabled>
          More…
        </option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {withEmoji(option.text.text)}
          </option>
        ))}
      </select>
      {question}
    </>
  );
};

/** Selects, radio buttons, checkboxes and dates outside of an input block: each choice is an action. */
const ChoiceElement = ({ blockId, element }: Props) => {
  const { act, valueHeld, setValue } = useActing();
  const { during } = useBusy();
  const { start, question } = useConfirmed(element, (value = null) => {
    setValue(blockId, element.action_id, value);
    void during(act(blockId, element.action_id, value));
  });
  return (
    <>
      <Field element={element} value={valueHeld(blockId, element)} onChange={start} label="Choose" />
      {question}
    </>
  );
};

export const Element = (props: Props) => {
  if (props.element.type === 'button') return <ButtonElement {...props} />;
  if (props.element.type === 'overflow') return <OverflowElement {...props} />;
  return <ChoiceElement {...props} />;
};
