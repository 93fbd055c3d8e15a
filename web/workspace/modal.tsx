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
  const { state } = useSession();
  const as = state.me.handle;
  const [values, setValues] = useState<RawValues>({});
  const [errors, setErrors] = useState<Errors>({});
  /** What went wrong with the form as a whole. It stands in the dialog: the page around it is out of reach. */
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  /** Counts the times that the form was not taken. */
  const [refusals, setRefusals] = useState(0);
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
        setTrouble(answer.ok ? '' : answer.say);
      },
    };
  }, [as, values, view.id]);
  const send = async (): Promise<void> => {
    const problems = inputProblems(view.blocks, values);
    setErrors(problems);
    if (Object.keys(problems).length > 0) setRefusals((count) => count + 1);
    if (busy || Object.keys(problems).length > 0) return;
    setBusy(true);
    const answer = await call('submit', { as, viewId: view.id, values });
    setBusy(false);
    if (answer.ok) return;
    setErrors(answer.errors ?? {});
    setRefusals((count) => count + 1);
    setTrouble(answer.errors ? '' : answer.say);
  };
  const leave = async (all: boolean): Promise<void> => {
    const answer = await call('close', { as, viewId: view.id, all });
    if (!answer.ok) setTrouble(answer.say);
  };
  return { acting, errors, trouble, refusals, busy, send, leave };
};

export const Modal = ({ view }: { view: ModalInView }) => {
  const titleId = useId();
  const form = useRef<HTMLFormElement>(null);
  const { acting, errors, trouble, refusals, busy, send, leave } = useForm(view);
  const { modal } = view;
  useEffect(() => {
    // Only when the form comes back: while something is being corrected the focus stays there.
    const wrong = '[aria-invalid="true"]:not(div), [aria-invalid="true"] input';
    if (refusals > 0) form.current?.querySelector<HTMLElement>(wrong)?.focus();
  }, [refusals]);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void send();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && modal.submit) void send();
  };
  return (
    <Dialog className="dialog modal" labelledBy={titleId} onLeave={() => void leave(true)}>
      <form ref={form} onSubmit={onSubmit} onKeyDown={onKeyDown} noValidate>
        <h2 id={titleId}>{withEmoji(modal.title.text)}</h2>
        <div className="dialog-body">
          <ActingContext value={acting}>
            <ErrorsContext value={errors}>
              <Blocks blocks={view.blocks} />
            </ErrorsContext>
          </ActingContext>
          {trouble !== '' && (
            <p className="error" role="alert">
              {trouble}
            </p>
          )}
        </div>
        <footer>
          <button type="button" className="button" onClick={() => void leave(false)}>
            {withEmoji(modal.close?.text ?? (view.depth > 1 ? 'Back' : modal.submit ? 'Cancel' : 'Close'))}
          </button>
          {modal.submit && (
            <button type="submit" className="button primary" aria-busy={busy} aria-disabled={busy}>
              {withEmoji(modal.submit.text)}
            </button>
          )}
        </footer>
        <button type="button" className="cross" aria-label="Close" onClick={() => void leave(true)}>
          <Icon name="cross" />
        </button>
      </form>
    </Dialog>
  );
};
