/**
 * Who and what there is in the workspace. Fixed for the life of the process: the policy file is where people are added.
 */
export type Person = { id: string; handle: string; name: string; email: string };
export type Channel = { id: string; name: string };
export type Bot = {
  id: string;
  botId: string;
  appId: string;
  name: string;
  /** The manifest's `messages_tab_read_only_enabled`: people cannot write in their direct messages with the app. */
  messagesTabReadOnly?: boolean;
};

export type Directory = {
  team: { id: string; name: string };
  people: readonly Person[];
  channels: readonly Channel[];
  bot: Bot;
};

/** A channel that everybody is in, or the direct messages between the app and one person. */
export type Conversation =
  | { kind: 'channel'; id: string; name: string }
  | { kind: 'direct'; id: string; name: 'directmessage'; personId: string };

/** The author of what Slack itself says to a person, for example that a command failed. */
export const slackbotId = 'USLACKBOT';

/** Direct messages have the person's id with a D in front, so that they are the same after a restart. */
export const directId = (personId: string): string => `D${personId.slice(1)}`;

export const teamDomain = (directory: Directory): string =>
  directory.team.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

export const findPerson = (directory: Directory, id: string): Person | undefined =>
  directory.people.find((person) => person.id === id);

export const findPersonByHandle = (directory: Directory, handle: string): Person | undefined =>
  directory.people.find((person) => person.handle === handle);

/** By id only: `C…` of a channel or `D…` of direct messages. */
export const findConversation = (directory: Directory, id: string): Conversation | undefined => {
  const channel = directory.channels.find((each) => each.id === id);
  if (channel) return { kind: 'channel', ...channel };
  const person = directory.people.find((each) => directId(each.id) === id);
  return person && { kind: 'direct', id, name: 'directmessage', personId: person.id };
};

/** The people in it, without the app's own user. */
export const members = (directory: Directory, conversation: Conversation): readonly Person[] =>
  conversation.kind === 'channel'
    ? directory.people
    : directory.people.filter((person) => person.id === conversation.personId);

export const isReadOnly = ({ bot }: Directory, { kind }: Conversation): boolean =>
  kind === 'direct' && bot.messagesTabReadOnly === true;

export const isMember = (directory: Directory, conversation: Conversation, personId: string): boolean =>
  members(directory, conversation).some((person) => person.id === personId);
