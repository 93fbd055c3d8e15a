import type { KnownBlock, ModalView } from '@slack/types';

/** A modal that a person has before them. */
export type OpenView = {
  id: string;
  personId: string;
  rootId: string;
  previousId: string | null;
  /** Changes with every change of the view. */
  hash: string;
  modal: ModalView;
  blocks: readonly KnownBlock[];
};

/** https://docs.slack.dev/reference/methods/views.push: three views on top of each other. */
export const deepestStack = 3;

export type OpenViews = ReturnType<typeof createOpenViews>;

/** Each person's stack of modals. In memory: a modal is gone after a restart, as when a client reloads. */
export const createOpenViews = () => {
  const stacks = new Map<string, readonly OpenView[]>();
  const all = (): readonly OpenView[] => [...stacks.values()].flat();
  return {
    /** Bottom first. */
    stackOf: (personId: string): readonly OpenView[] => stacks.get(personId) ?? [],
    find: (viewId: string): OpenView | undefined => all().find((view) => view.id === viewId),
    findExternal: (externalId: string): OpenView | undefined =>
      externalId === '' ? undefined : all().find((view) => view.modal.external_id === externalId),
    /** Puts the view in place of all that the person had open. */
    open: (view: OpenView): void => {
      stacks.set(view.personId, [view]);
    },
    push: (view: OpenView): void => {
      stacks.set(view.personId, [...(stacks.get(view.personId) ?? []), view]);
    },
    replace: (view: OpenView): void => {
      const stack = stacks.get(view.personId) ?? [];
      stacks.set(
        view.personId,
        stack.map((each) => (each.id === view.id ? view : each)),
      );
    },
    /** Takes away the view and everything above it. */
    close: (view: OpenView): void => {
      const stack = stacks.get(view.personId) ?? [];
      const at = stack.findIndex((each) => each.id === view.id);
      if (at >= 0) stacks.set(view.personId, stack.slice(0, at));
    },
    clear: (personId: string): void => {
      stacks.delete(personId);
    },
  };
};
