import type { ContextBlock, MrkdwnElement, PlainTextElement, SectionBlock } from '@slack/types';
import { clip } from '#core/clip.ts';

/**
 * Slack's documented limits, in characters: https://docs.slack.dev/reference/block-kit/ (blocks, elements, objects).
 */
export const limits = {
  sectionText: 3000,
  sectionField: 2000,
  header: 150,
  button: 75,
  optionText: 75,
  modalTitle: 24,
  /** https://docs.slack.dev/reference/methods/chat.postMessage recommends 4,000 and cuts at 40,000. */
  messageText: 4000,
} as const;

/**
 * Directional overrides and isolates, zero-width and other invisible characters, and control characters: with them a
 * reason could be shown in another order than it was typed in, or empty. A line break is kept.
 */
const deceptive = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\u115F\u1160\u3164\uFFA0\u2800]/gu;

/** What somebody typed without what only deceives the eye. Emoji made of several joined ones fall apart into those. */
export const visible = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(deceptive, (character) => (character === '\n' ? '\n' : character === '\t' ? ' ' : ''));

export const oneLine = (text: string): string => visible(text).replace(/\s+/gu, ' ').trim();

/** https://docs.slack.dev/messaging/formatting-message-text: exactly these three. */
export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/**
 * A short foreign text inside our own mrkdwn: one line, escaped, and without the characters that mrkdwn gives a
 * meaning. Clipped before it is escaped, so that no entity is cut in half.
 */
export const inert = (text: string, max = 200): string => escaped(clip(oneLine(text.replace(/[*_~`]/g, ' ')), max));

/** A name of ours or of AWS as code. */
export const code = (text: string): string => `\`${escaped(clip(oneLine(text).replace(/`/g, "'") || '—', 200))}\``;

/** What people typed, to be shown as it is: Slack reads no markup in plain text. */
export const plain = (text: string, max: number = limits.sectionText): PlainTextElement => ({
  type: 'plain_text',
  text: clip(visible(text).trim() || '—', max),
  emoji: false,
});

/**
 * Our own words, in which everything foreign went through `inert` or `code`. `verbatim`: nothing is turned into a link.
 */
export const mrkdwn = (text: string, max: number = limits.sectionText): MrkdwnElement => ({
  type: 'mrkdwn',
  text: clip(text, max),
  verbatim: true,
});

export const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text) });

export const quoted = (text: string): SectionBlock => ({ type: 'section', text: plain(text) });

export const context = (text: string): ContextBlock => ({ type: 'context', elements: [mrkdwn(text)] });

/** An instant in the reader's own zone and words; the fallback is for clients that cannot. */
export const when = (iso: string): string => {
  const utc = `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
  return `<!date^${Math.floor(Date.parse(iso) / 1000)}^{date_short_pretty} {time_secs}|${utc}>`;
};
