/**
 * What Slack makes of the text of a command whose manifest says `should_escape`, as it was typed: `<@U0ALICE|alice>`
 * for a person, `<#C0ACCESS|access>` for a channel, `<!subteam^S0OPS|@ops>` for a group, links in angle brackets, and
 * `&amp;`, `&lt;`, `&gt;` for the three characters: docs.slack.dev/interactivity/implementing-slash-commands
 */
const marked =
  /<(?:@(?<person>[UW][A-Z0-9]+)|#(?<channel>[CGD][A-Z0-9]+)|!(?<special>[^|>]+)|(?<link>[^|<>]+))(?:\|(?<label>[^<>]*))?>/g;

type Marked = { person?: string; channel?: string; special?: string; link?: string; label?: string };

const asTyped = ({ person, channel, special, link = '', label }: Marked): string => {
  const name = label?.replace(/\s+/gu, '-');
  if (person !== undefined) return `@${name || person}`;
  if (channel !== undefined) return `#${name || channel}`;
  if (special !== undefined) return name ? (name.startsWith('@') ? name : `@${name}`) : `@${special}`;
  // The label of a link that Slack found by itself is what was typed.
  return label === undefined || /\s/u.test(label) ? link.replace(/^(?:mailto|tel):/, '') : label;
};

const unescaped = (text: string): string => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** The words of a command as they were typed, and the Slack ids of the people among them. */
export const slashWords = (text: string): { words: string[]; people: ReadonlyMap<string, string> } => {
  const people = new Map<string, string>();
  const plain = text.replace(marked, (...args) => {
    const found = args.at(-1) as Marked;
    const { person } = found;
    const named = asTyped(found);
    if (person === undefined) return named;
    // Two people may be shown by the same name.
    const typed = people.has(named) && people.get(named) !== person ? `@${person}` : named;
    people.set(typed, person);
    return typed;
  });
  return { words: unescaped(plain).trim().split(/\s+/u), people };
};
