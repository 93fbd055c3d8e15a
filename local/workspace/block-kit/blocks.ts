import { all, byType, type Check, flag, isRecord, list, type Problems, report, shape, text } from './check.ts';
import { identifier, markupText, plainText } from './composition.ts';
import { accessoryElements, actionsElements, contextImage, inputElements } from './elements.ts';
import { richText } from './rich-text.ts';

const eitherTextOrFields: Check = (value, at, problems) => {
  if (isRecord(value) && value.text === undefined && value.fields === undefined)
    report(problems, at, 'missing required field: text');
};

/**
 * Within one block each `action_id` must differ:
 * https://docs.slack.dev/reference/block-kit/block-elements/button-element
 */
const distinctActions: Check = (value, at, problems) => {
  if (!isRecord(value) || !Array.isArray(value.elements)) return;
  const seen = new Set<unknown>();
  value.elements.forEach((element, index) => {
    const id = isRecord(element) ? element.action_id : undefined;
    if (id !== undefined && seen.has(id))
      report(problems, `${at}/elements/${index}/action_id`, `\`action_id\` ${String(id)} already exists in this block`);
    seen.add(id);
  });
};

const block_id = identifier;

/** Limits: https://docs.slack.dev/reference/block-kit/blocks/ and the block's own page there. */
const messageBlocks: Readonly<Record<string, Check>> = {
  section: all(
    shape(
      {},
      {
        block_id,
        text: markupText(3000),
        fields: list(markupText(2000), { max: 10 }),
        accessory: byType(accessoryElements),
        expand: flag,
      },
    ),
    eitherTextOrFields,
  ),
  header: shape({ text: plainText(150) }, { block_id }),
  divider: shape({}, { block_id }),
  context: shape(
    { elements: list(byType({ plain_text: markupText(), mrkdwn: markupText(), image: contextImage }), { max: 10 }) },
    { block_id },
  ),
  actions: all(shape({ elements: list(byType(actionsElements), { max: 25 }) }, { block_id }), distinctActions),
  image: shape({ image_url: text({ max: 3000 }), alt_text: text({ max: 2000 }) }, { block_id, title: plainText(2000) }),
  rich_text: richText,
};

/** Input blocks are drawn in modals only; in a message they are refused here by name, though Slack has them. */
const modalBlocks: Readonly<Record<string, Check>> = {
  ...messageBlocks,
  input: shape(
    { label: plainText(2000), element: byType(inputElements) },
    { block_id, hint: plainText(2000), optional: flag, dispatch_action: flag },
  ),
};

const distinctBlocks: Check = (value, at, problems) => {
  if (!Array.isArray(value)) return;
  const seen = new Set<unknown>();
  value.forEach((block, index) => {
    const id = isRecord(block) ? block.block_id : undefined;
    if (id !== undefined && seen.has(id))
      report(problems, `${at}/${index}/block_id`, `\`block_id\` ${String(id)} already exists`);
    seen.add(id);
  });
};

/**
 * https://docs.slack.dev/reference/block-kit/blocks/: 50 blocks in a message, 100 in a modal. An empty list is no
 * blocks.
 */
const messageRules = all(list(byType(messageBlocks), { min: 0, max: 50 }), distinctBlocks);
export const modalRules = all(list(byType(modalBlocks), { min: 0, max: 100 }), distinctBlocks);

/** What Slack would say about these blocks in a message; empty when it would take them. */
export const messageProblems = (blocks: unknown): Problems => {
  const problems: Problems = [];
  messageRules(blocks, '/blocks', problems);
  return problems;
};
