import { useCallback, useEffect, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

type Toast = { id: number; say: string };

/** How long one stays, ms; long enough to read two sentences. */
const shownMs = 9000;

export const useToasts = () => {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const count = useRef(0);
  const complain = useCallback((say: string): void => {
    count.current += 1;
    const id = count.current;
    setToasts((old) => [...old.filter((toast) => toast.say !== say), { id, say }].slice(-3));
  }, []);
  const drop = useCallback((id: number) => setToasts((old) => old.filter((toast) => toast.id !== id)), []);
  return { toasts, complain, drop };
};

const OneToast = ({ toast, onDrop }: { toast: Toast; onDrop: (id: number) => void }) => {
  const { id } = toast;
  useEffect(() => {
    const timer = setTimeout(() => onDrop(id), shownMs);
    return () => clearTimeout(timer);
  }, [id, onDrop]);
  return (
    <div className="toast">
      <Icon name="warning" />
      <p>{toast.say}</p>
      <button type="button" aria-label="Dismiss" onClick={() => onDrop(id)}>
        <Icon name="cross" />
      </button>
    </div>
  );
};

/** What went wrong and what to do. A popover, so that it is in sight above an open dialog too. */
export const Toasts = ({ toasts, onDrop }: { toasts: readonly Toast[]; onDrop: (id: number) => void }) => {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    if (box.matches(':popover-open')) box.hidePopover();
    if (toasts.length > 0) box.showPopover();
  }, [toasts]);
  return (
    <div ref={ref} popover="manual" className="toasts" role="alert">
      {toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} onDrop={onDrop} />
      ))}
    </div>
  );
};
