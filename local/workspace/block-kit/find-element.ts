import { isRecord } from './check.ts';

/** An element with the ids by which a payload names it. */
export type Located = {
  blockId: string;
  actionId: string;
  element: Record<string, unknown>;
  block: Record<string, unknown>;
};

const elementsOf = (block: Record<string, unknown>): readonly Record<string, unknown>[] =>
  [
    block.accessory,
    block.element,
    ...(block.type === 'actions' && Array.isArray(block.elements) ? block.elements : []),
  ].filter(isRecord);

/** Every element that can be acted on, in the order of the page. */
export const locateElements = (blocks: readonly unknown[]): readonly Located[] =>
  blocks
    .filter(isRecord)
    .flatMap((block) =>
      elementsOf(block).flatMap((element) =>
        typeof block.block_id === 'string' && typeof element.action_id === 'string'
          ? [{ blockId: block.block_id, actionId: element.action_id, element, block }]
          : [],
      ),
    );

export const findElement = (blocks: readonly unknown[], blockId: string, actionId: string): Located | undefined =>
  locateElements(blocks).find((each) => each.blockId === blockId && each.actionId === actionId);
