import { useEffect, useState } from 'react';
import type { WorkspaceState } from '../../local/workspace/ui/contract.ts';
import { getState } from './client.ts';

export type Loaded = { state: WorkspaceState | undefined; online: boolean };

/** Runs `run` now and again when asked meanwhile, never twice at once. */
const oneAtATime = (run: () => Promise<void>): (() => void) => {
  let running = false;
  let again = false;
  const start = async (): Promise<void> => {
    again = running;
    if (running) return;
    running = true;
    await run();
    running = false;
    if (again) await start();
  };
  return () => void start();
};

/**
 * What this person sees, kept up to date while the page is visible. A hidden page gives its connection back: browsers
 * have six.
 */
export const useWorkspace = (handle: string): Loaded => {
  const [state, setState] = useState<WorkspaceState>();
  const [online, setOnline] = useState(true);
  useEffect(() => {
    let ended = false;
    let live: EventSource | undefined;
    const load = oneAtATime(async () => {
      try {
        const next = await getState(handle);
        if (ended) return;
        setState(next);
        setOnline(true);
      } catch {
        if (!ended) setOnline(false);
      }
    });
    const listen = (): void => {
      live?.close();
      live = undefined;
      if (document.visibilityState === 'hidden') return;
      live = new EventSource('/workspace/ui/live');
      live.addEventListener('hello', load);
      live.addEventListener('changed', load);
      live.addEventListener('error', () => setOnline(false));
    };
    load();
    listen();
    document.addEventListener('visibilitychange', listen);
    return () => {
      ended = true;
      live?.close();
      document.removeEventListener('visibilitychange', listen);
    };
  }, [handle]);
  return { state: state?.me.handle === handle ? state : undefined, online };
};
