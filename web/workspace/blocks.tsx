import type { ActionsBlock, ContextBlock, KnownBlock, SectionBlock } from '@slack/types';
import type { AnyElement } from './acting.ts';
import { Element } from './elements.tsx';
import { withEmoji } from './emoji.ts';
import { InputBlock } from './input-block.tsx';
import { InlineMrkdwn, Mrkdwn } from './mrkdwn-text.tsx';
import { RichText } from './rich-text.tsx';

type Text = { type: string; text: string };

const TextObject = ({ text }: { text: Text }) =>
  text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : <p className="plain">{withEmoji(text.text)}</p>;

/** Pictures would come from elsewhere; the page loads nothing from elsewhere, so it says what they show. */
const Picture = ({ alt }: { alt: string }) => <span className="picture">{alt}</span>;

const Section = ({ block }: { block: SectionBlock }) => (
  <div className="section">
    <div className="section-text">
      {block.text && <TextObject text={block.text} />}
      {block.fields && (
        <div className="fields">
          {block.fields
            .map((field, index) => ({ field, key: `${index}` }))
            .map(({ field, key }) => (
              <TextObject key={key} text={field} />
            ))}
        </div>
      )}
    </div>
    {block.accessory && (
      <div className="accessory">
        {block.accessory.type === 'image' ? (
          <Picture alt={block.accessory.alt_text} />
        ) : (
          <Element blockId={block.block_id ?? ''} element={block.accessory as unknown as AnyElement} />
        )}
      </div>
    )}
  </div>
);

const Context = ({ block }: { block: ContextBlock }) => (
  <div className="context">
    {block.elements
      .map((element, index) => ({ element, key: `${index}` }))
      .map(({ element, key }) => (
        <span key={key}>
          {element.type === 'image' && <Picture alt={element.alt_text} />}
          {element.type === 'mrkdwn' && <InlineMrkdwn text={element.text} />}
          {element.type === 'plain_text' && withEmoji(element.text)}
        </span>
      ))}
  </div>
);

const Actions = ({ block }: { block: ActionsBlock }) => (
  <div className="actions">
    {(block.elements as unknown as readonly AnyElement[]).map((element) => (
      <Element key={element.action_id} blockId={block.block_id ?? ''} element={element} />
    ))}
  </div>
);

const Block = ({ block }: { block: KnownBlock }) => {
  switch (block.type) {
    case 'section':
      return <Section block={block} />;
    case 'header':
      return <h3 className="header">{withEmoji(block.text.text)}</h3>;
    case 'divider':
      return <hr />;
    case 'context':
      return <Context block={block} />;
    case 'actions':
      return <Actions block={block} />;
    case 'input':
      return <InputBlock block={block} />;
    case 'rich_text':
      return <RichText block={block} />;
    case 'image':
      return <Picture alt={block.alt_text} />;
    default:
      return null;
  }
};

/** What the workspace takes, drawn. Text that people wrote is text here, whatever is in it. */
export const Blocks = ({ blocks }: { blocks: readonly KnownBlock[] }) => (
  <div className="blocks">
    {blocks.map((block) => (
      <Block key={block.block_id} block={block} />
    ))}
  </div>
);
