import { type Directory, findPersonByHandle } from '../directory.ts';

/** What a person types has no markup of its own until Slack escapes it. */
export const escapeText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

const link = /^(?:https?:\/\/\S+)$/;
const address = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/;

/**
 * The text of a command whose app asked for `should_escape`: people, channels and links as Slack marks them, the three
 * characters as entities: https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export const escapeCommandText = (directory: Directory, text: string): string =>
  text.replace(/\S+/gu, (word) => {
    const person = /^@(\S+)$/.exec(word)?.[1];
    const found = person === undefined ? undefined : findPersonByHandle(directory, person.toLowerCase());
    if (found) return `<@${found.id}|${found.handle}>`;
    const channel = directory.channels.find(({ name }) => word === `#${name}`);
    if (channel) return `<#${channel.id}|${channel.name}>`;
    if (link.test(word)) return `<${escapeText(word)}>`;
    return address.test(word) ? `<mailto:${word}|${word}>` : escapeText(word);
  });
