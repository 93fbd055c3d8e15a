import { type FormEvent, type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ModalInView } from '../../local/workspace/ui/contract.ts';
import { initialValue, inputProblems, type RawValue, type RawValues } from '../../local/workspace/view-state.ts';
import { type Acting, ActingContext } from './acting.ts';
import { Blocks } from './blocks.tsx';
import { call } from './client.ts';
import { Dialog } from './dialog.tsx';
import { withEmoji } from './emoji.ts';
import { Icon } from './icon.tsx';
import { ErrorsContext } from './input-block.tsx';
import { useSession } from './session.ts';

type Errors = Readonly<Record<string, string>>;

const holds = (values: RawValues, blockId: string, element: Record<string, unknown>): RawValue => {
  const held = values[blockId]?.[String(element.action_id)];
  return held === undefined ? initialValue(element) : held;
};

/** What the person does with one view: its values, what is wrong with them, sending it off. */
const useForm = (view: ModalInView) => {
  const { state, complain } = useSession();
  const as = state.me.handle;
  const [values, setValues] = useState<RawValues>({});
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const acting = useMemo<Acting>(() => {
    const setValue: Acting['setValue'] = (blockId, actionId, value) => {
      setValues((old) => ({ ...old, [blockId]: { ...old[blockId], [actionId]: value } }));
      setErrors(({ [blockId]: _, ...others }) => others);
    };
    return {
      setValue,
      valueHeld: (blockId, element) => holds(values, blockId, element),
      act: async (blockId, actionId, value) => {
        const now = value === undefined ? values : { ...values, [blockId]: { ...values[blockId], [actionId]: value } };
        const answer = await call('click', {
          as,
          blockId,
          actionId,
          viewId: view.id,
          values: now,
          ...(value === undefined ? {} : { value }),
        });
        if (!answer.ok) complain(answer.say);
      },
    };
  }, [as, complain, values, view.id]);
  const send = async (): Promise<void> => {
    const problems = inputProblems(view.blocks, values);
    setErrors(problems);
    if (busy || Object.keys(problems).length > 0) return;
    setBusy(true);
    const answer = await call('submit', { as, viewId: view.id, values });
    setBusy(false);
    if (answer.ok) return;
    setErrors(answer.errors ?? {});
    if (!answer.errors) complain(answer.say);
  };
  const leave = (all: boolean): void => void call('close', { as, viewId: view.id, all });
  return { acting, errors, busy, send, leave };
};

export const Modal = ({ view }: { view: ModalInView }) => {
  const titleId = useId();
  const form = useRef<HTMLFormElement>(null);
  const { acting, errors, busy, send, leave } = useForm(view);
  const { modal } = view;
  useEffect(() => {
    if (Object.keys(errors).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && modal.submit) void send();
  };
  return (
    <Dialog className="dialog modal" labelledBy={titleId} onLeave={() => leave(true)}>
      <form ref={form} onSubmit={onSubmit} onKeyDown={onKeyDown} noValidate>
        <h2 id={titleId}>{withEmoji(modal.title.text)}</h2>
        <div className="dialog-body">
          <ActingContext value={acting}>
            <ErrorsContext value={errors}>
              <Blocks blocks={view.blocks} />
            </ErrorsContext>
          </ActingContext>
        </div>
        <footer>
          <button type="button" className="button" onClick={() => leave(false)}>
            {withEmoji(modal.close?.text ?? (view.depth > 1 ? 'Back' : modal.submit ? 'Cancel' : 'Close'))}
          </button>
          {modal.submit && (
            <button type="submit" className="button primary" aria-busy={busy} aria-disabled={busy}>
              {withEmoji(modal.submit.text)}
            </button>
          )}
        </footer>
        <button type="button" className="cross" aria-label="Close" onClick={() => leave(true)}>
          <Icon name="cross" />
        </button>
      </form>
    </Dialog>
  );
};
