import { Fragment, type ReactNode } from 'react';
import { toIso } from '#core/instant.ts';
import { type Block, type Inline, parseInline, parseMrkdwn } from './mrkdwn.ts';
import { type Session, useSession } from './session.ts';
import { fullTime, slackDate } from './time.ts';

const Outside = ({ url, children }: { url: string; children: ReactNode }) => (
  <a href={url} target="_blank" rel="noreferrer noopener">
    {children}
  </a>
);

export const DateText = (props: { unixSec: number; format: string; fallback: string; url?: string }) => {
  const date = new Date(props.unixSec * 1000);
  const time = (
    <time dateTime={toIso(props.unixSec * 1000)} title={fullTime(date)}>
      {slackDate(props.unixSec, props.format, new Date()) || props.fallback}
    </time>
  );
  return props.url === undefined ? time : <Outside url={props.url}>{time}</Outside>;
};

const isMe = (session: Session, id: string): boolean => session.state.me.id === id;

export const UserMention = ({ id }: { id: string }) => {
  const session = useSession();
  return <span className={isMe(session, id) ? 'mention mention-me' : 'mention'}>@{session.nameOf(id)}</span>;
};

export const ChannelMention = ({ id }: { id: string }) => {
  const { nameOf, openConversation } = useSession();
  return (
    <button type="button" className="mention mention-channel" onClick={() => openConversation(id)}>
      #{nameOf(id)}
    </button>
  );
};

const InlineNode = ({ node }: { node: Inline }) => {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'bold':
      return (
        <strong>
          <InlineNodes nodes={node.children} />
        </strong>
      );
    case 'italic':
      return (
        <em>
          <InlineNodes nodes={node.children} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <InlineNodes nodes={node.children} />
        </s>
      );
    case 'code':
      return <code>{node.text}</code>;
    case 'emoji':
      return (
        <span role="img" aria-label={node.name.replaceAll('_', ' ')}>
          {node.character}
        </span>
      );
    case 'link':
      return <Outside url={node.url}>{node.text}</Outside>;
    case 'user':
      return <UserMention id={node.id} />;
    case 'channel':
      return <ChannelMention id={node.id} />;
    case 'broadcast':
      return <span className="mention mention-me">@{node.range}</span>;
    case 'date':
      return <DateText {...node} />;
    case 'break':
      return <br />;
  }
};

const keyed = <T,>(items: readonly T[]): readonly { key: string; item: T }[] =>
  items.map((item, index) => ({ key: String(index), item }));

const InlineNodes = ({ nodes }: { nodes: readonly Inline[] }) =>
  keyed(nodes).map(({ key, item }) => (
    <Fragment key={key}>
      <InlineNode node={item} />
    </Fragment>
  ));

/** One line's worth of mrkdwn, for labels and context. */
export const InlineMrkdwn = ({ text }: { text: string }) => <InlineNodes nodes={parseInline(text)} />;

const Paragraph = ({ block }: { block: Block }) => {
  if (block.type === 'pre') return <pre>{block.text}</pre>;
  const children = <InlineNodes nodes={block.children} />;
  return block.type === 'quote' ? <blockquote>{children}</blockquote> : <p>{children}</p>;
};

export const Mrkdwn = ({ text }: { text: string }) => (
  <div className="mrkdwn">
    {keyed(parseMrkdwn(text)).map(({ key, item }) => (
      <Paragraph key={key} block={item} />
    ))}
  </div>
);
