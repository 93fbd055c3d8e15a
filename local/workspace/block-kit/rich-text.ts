import { byType, type Check, flag, integer, list, oneOf, shape, text } from './check.ts';

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
const style = shape({}, { bold: flag, italic: flag, strike: flag, code: flag, underline: flag });
const anyText = text({ max: 12_000 });

const leaf = byType({
  text: shape({ text: anyText }, { style }),
  link: shape({ url: text({ max: 3000 }) }, { text: anyText, style, unsafe: flag }),
  emoji: shape({ name: text({ max: 255 }) }, { unicode: text({ max: 255 }), style }),
  user: shape({ user_id: text({ max: 255 }) }, { style }),
  channel: shape({ channel_id: text({ max: 255 }) }, { style }),
  broadcast: shape({ range: oneOf('here', 'channel', 'everyone') }, { style }),
  date: shape(
    { timestamp: integer(0, Number.MAX_SAFE_INTEGER), format: text({ max: 255 }) },
    { fallback: anyText, url: text({ max: 3000 }), timezone: text({ max: 255 }), style },
  ),
});

const leaves = list(leaf, { min: 0, max: 1000 });
const section = shape({ elements: leaves });
const border = integer(0, 1);

export const richText: Check = shape(
  {
    elements: list(
      byType({
        rich_text_section: section,
        rich_text_preformatted: shape({ elements: leaves }, { border, language: text({ max: 255 }) }),
        rich_text_quote: shape({ elements: leaves }, { border }),
        rich_text_list: shape(
          {
            style: oneOf('bullet', 'ordered'),
            elements: list(byType({ rich_text_section: section }), { min: 0, max: 1000 }),
          },
          { indent: integer(0, 8), offset: integer(0, 1000), border },
        ),
      }),
      { min: 0, max: 1000 },
    ),
  },
  { block_id: text({ max: 255 }) },
);
