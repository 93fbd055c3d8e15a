import type { MachinerySnapshot } from '#local/workspace/machinery.ts';
import type {
  ClickRequest,
  CloseRequest,
  MarkRequest,
  SayRequest,
  SubmitRequest,
  UiAnswer,
  WorkspaceState,
} from '../../local/workspace/ui/contract.ts';

/** The calls of the page, see `local/workspace/ui/contract.ts`. */
type Calls = {
  say: SayRequest;
  click: ClickRequest;
  submit: SubmitRequest;
  close: CloseRequest;
  read: MarkRequest;
  dismiss: MarkRequest;
};

const unreachable: UiAnswer = {
  ok: false,
  say: 'The workspace does not answer. Check that Daypass is still running, then try again.',
};

/** Never throws: what goes wrong is in the answer. */
export const call = async <Name extends keyof Calls>(name: Name, request: Calls[Name]): Promise<UiAnswer> => {
  try {
    const res = await fetch(`/workspace/ui/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    return (await res.json()) as UiAnswer;
  } catch {
    return unreachable;
  }
};

const get = async <T>(path: string): Promise<T> => {
  const res = await fetch(path);
  if (!res.ok) throw new Error(`${path} answered ${res.status}`);
  return (await res.json()) as T;
};

export const getState = (handle: string): Promise<WorkspaceState> =>
  get(`/workspace/ui/state?as=${encodeURIComponent(handle)}`);
export const getMachinery = (): Promise<MachinerySnapshot> => get('/workspace/ui/machinery');
