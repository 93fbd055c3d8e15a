import { type ReactNode, useEffect, useRef } from 'react';

/** Where the focus goes when what had it is gone. */
const homeOfFocus = (): HTMLElement | null => document.querySelector('#composer');

/**
 * A dialog over the page: the browser keeps the focus inside and the page behind out of reach. Esc asks to leave.
 * When it goes, the focus returns to what had it before, or to the composer when that is gone.
 */
export const Dialog = (props: { labelledBy: string; onLeave: () => void; className: string; children: ReactNode }) => {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    ref.current?.querySelector<HTMLElement>('[data-first-focus], form input, form select, form textarea')?.focus();
    return () => {
      const target =
        before instanceof HTMLElement && before.isConnected && before !== document.body ? before : homeOfFocus();
      requestAnimationFrame(() => (target?.isConnected ? target : homeOfFocus())?.focus());
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={props.className}
      aria-labelledby={props.labelledBy}
      // The browser closes it by itself when Esc is pressed twice: then it must be gone for the page too.
      onClose={props.onLeave}
      onCancel={(event) => {
        event.preventDefault();
        props.onLeave();
      }}
    >
      {props.children}
    </dialog>
  );
};
