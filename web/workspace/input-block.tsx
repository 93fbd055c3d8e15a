import type { InputBlock as SlackInput } from '@slack/types';
import { createContext, useContext, useId } from 'react';
import { type AnyElement, useActing } from './acting.ts';
import { withEmoji } from './emoji.ts';
import { Field } from './field.tsx';

/** What is wrong with a block of the form, by block id. */
export const ErrorsContext = createContext<Readonly<Record<string, string>>>({});

const tellsOnEnter = ['plain_text_input', 'number_input', 'email_text_input', 'url_text_input'];

export const InputBlock = ({ block }: { block: SlackInput }) => {
  const id = useId();
  const { act, valueHeld, setValue } = useActing();
  const error = useContext(ErrorsContext)[block.block_id ?? ''];
  const element = block.element as unknown as AnyElement;
  const blockId = block.block_id ?? '';
  const isList = element.type === 'radio_buttons' || element.type === 'checkboxes';
  const typed = tellsOnEnter.includes(element.type);
  const described = [block.hint ? `${id}-hint` : '', error ? `${id}-error` : '']
    .filter((each) => each !== '')
    .join(' ');
  const tells = block.dispatch_action === true;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears Enter on its way up from the field inside
    <div
      className={error ? 'field field-wrong' : 'field'}
      onKeyDown={(event) => {
        if (!tells || !typed || event.key !== 'Enter' || element.multiline === true) return;
        event.preventDefault();
        void act(blockId, element.action_id, valueHeld(blockId, element));
      }}
    >
      {isList ? (
        <span className="label">{withEmoji(block.label.text)}</span>
      ) : (
        <label className="label" htmlFor={`${id}-field`}>
          {withEmoji(block.label.text)}
          {block.optional === true && <span className="optional"> (optional)</span>}
        </label>
      )}
      <Field
        id={`${id}-field`}
        {...(isList ? { label: block.label.text } : {})}
        element={element}
        value={valueHeld(blockId, element)}
        describedBy={described === '' ? undefined : described}
        invalid={error !== undefined}
        onChange={(value) => {
          setValue(blockId, element.action_id, value);
          if (tells && !typed) void act(blockId, element.action_id, value);
        }}
      />
      {block.hint && (
        <small className="hint" id={`${id}-hint`}>
          {withEmoji(block.hint.text)}
        </small>
      )}
      {error && (
        <p className="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
};
