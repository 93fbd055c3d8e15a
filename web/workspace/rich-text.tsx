import type { RichTextBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { emojiFor } from './emoji.ts';
import { ChannelMention, DateText, UserMention } from './mrkdwn-text.tsx';

type Section = Extract<RichTextBlock['elements'][number], { type: 'rich_text_section' }>;
type Leaf = Section['elements'][number];
type Style = { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean };

const styled = (children: ReactNode, style: Style | undefined): ReactNode => {
  let inner = children;
  if (style?.code) inner = <code>{inner}</code>;
  if (style?.strike) inner = <s>{inner}</s>;
  if (style?.italic) inner = <em>{inner}</em>;
  if (style?.bold) inner = <strong>{inner}</strong>;
  return inner;
};

const leafContent = (leaf: Leaf): ReactNode => {
  switch (leaf.type) {
    case 'text':
      return styled(leaf.text, leaf.style);
    case 'link':
      return /^(https?:\/\/|mailto:)/i.test(leaf.url) ? (
        <a href={leaf.url} target="_blank" rel="noreferrer noopener">
          {styled(leaf.text ?? leaf.url, leaf.style)}
        </a>
      ) : (
        styled(leaf.text ?? leaf.url, leaf.style)
      );
    case 'user':
      return <UserMention id={leaf.user_id} />;
    case 'channel':
      return <ChannelMention id={leaf.channel_id} />;
    case 'emoji':
      return emojiFor(leaf.name) ?? `:${leaf.name}:`;
    case 'broadcast':
      return <span className="mention mention-me">@{leaf.range}</span>;
    case 'date':
      return <DateText unixSec={leaf.timestamp} format={leaf.format} fallback={leaf.fallback ?? ''} />;
    default:
      return null;
  }
};

const Leaves = ({ leaves }: { leaves: readonly Leaf[] }) =>
  leaves
    .map((leaf, index) => ({ leaf, key: `${index}` }))
    .map(({ leaf, key }) => <span key={key}>{leafContent(leaf)}</span>);

const part = (element: RichTextBlock['elements'][number], key: string): ReactNode => {
  switch (element.type) {
    case 'rich_text_section':
      return (
        <p key={key}>
          <Leaves leaves={element.elements} />
        </p>
      );
    case 'rich_text_quote':
      return (
        <blockquote key={key}>
          <Leaves leaves={element.elements} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre key={key}>
          <Leaves leaves={element.elements} />
        </pre>
      );
    case 'rich_text_list': {
      const items = element.elements.map((item, index) => ({ item, itemKey: `${key}/${index}` }));
      const list = items.map(({ item, itemKey }) => (
        <li key={itemKey}>
          <Leaves leaves={item.elements} />
        </li>
      ));
      return element.style === 'ordered' ? <ol key={key}>{list}</ol> : <ul key={key}>{list}</ul>;
    }
  }
};

export const RichText = ({ block }: { block: RichTextBlock }) => (
  <div className="mrkdwn">{block.elements.map((element, index) => part(element, String(index)))}</div>
);
