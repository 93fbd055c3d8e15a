import { createHash } from 'node:crypto';
import type { KnownBlock } from '@slack/types';
import { isRecord } from './check.ts';

const shortId = (seed: string): string => createHash('sha256').update(seed).digest('base64url').slice(0, 5);

const interactive = (element: unknown): element is Record<string, unknown> =>
  isRecord(element) && typeof element.type === 'string' && !['image', 'plain_text', 'mrkdwn'].includes(element.type);

const withActionId = (element: unknown, seed: string): unknown =>
  interactive(element) && element.action_id === undefined ? { ...element, action_id: shortId(seed) } : element;

const withIds = (block: Record<string, unknown>, seed: string): Record<string, unknown> => ({
  ...block,
  block_id: block.block_id ?? shortId(seed),
  ...(block.accessory === undefined ? {} : { accessory: withActionId(block.accessory, `${seed}/accessory`) }),
  ...(block.element === undefined ? {} : { element: withActionId(block.element, `${seed}/element`) }),
  ...(block.type === 'actions' && Array.isArray(block.elements)
    ? { elements: block.elements.map((element, index) => withActionId(element, `${seed}/${index}`)) }
    : {}),
});

/**
 * Gives each block and element that came without an id one, as Slack does. The same seed gives the same ids. Takes
 * checked blocks only.
 */
export const assignIds = (blocks: unknown, seed: string): readonly KnownBlock[] =>
  (Array.isArray(blocks) ? blocks : [])
    .filter(isRecord)
    .map((block, index) => withIds(block, `${seed}/${index}`)) as unknown as readonly KnownBlock[];
