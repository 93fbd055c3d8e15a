import type { ConfirmationDialog } from '@slack/types';
import { createContext, useContext } from 'react';
import type { RawValue } from '../../local/workspace/view-state.ts';

/** How an element of a message or a modal tells the app that it was used. Resolves when the app has answered. */
export type Acting = {
  act: (blockId: string, actionId: string, value?: RawValue) => Promise<void>;
  /** What an element holds now, where the place keeps it: modals do. */
  valueHeld: (blockId: string, element: Record<string, unknown>) => RawValue;
  setValue: (blockId: string, actionId: string, value: RawValue) => void;
};

export const ActingContext = createContext<Acting | undefined>(undefined);

export const useActing = (): Acting => {
  const acting = useContext(ActingContext);
  if (!acting) throw new Error('useActing is for elements that stand inside ActingContext');
  return acting;
};

/** An element as it comes in a block. Its `action_id` is always there: the workspace gives it one. */
export type AnyElement = Record<string, unknown> & { type: string; action_id: string; confirm?: ConfirmationDialog };
