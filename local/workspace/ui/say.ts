import { threadOf } from '../api/chat.ts';
import { isRecord } from '../block-kit/check.ts';
import {
  type Conversation,
  findConversation,
  isMember,
  isReadOnly,
  type Person,
  slackbotId,
  teamDomain,
} from '../directory.ts';
import { parseJson } from '../http.ts';
import type { Answer } from '../ingress.ts';
import { publish, whisper } from '../publish.ts';
import { SlackRefusal } from '../refusal.ts';
import { respond } from '../respond.ts';
import { changeAccount, isAccountVerb } from './account.ts';
import { type Act, done, refuse, type World } from './act.ts';
import type { SayRequest } from './contract.ts';
import { escapeCommandText, escapeText } from './escape.ts';
import { responseUrl, verificationToken } from './payload.ts';

const slackbotSays = ({ parts }: World, conversation: Conversation, person: Person, text: string): void => {
  whisper(parts, { conversation, authorId: slackbotId, personId: person.id }, { text });
};

/** The answer in the body of the app's 200. Empty is no answer. */
const showAnswer = (world: World, conversation: Conversation, person: Person, answer: Answer & { ok: true }): void => {
  if (answer.body.trim() === '') return;
  const json = answer.json ? parseJson(answer.body) : undefined;
  if (answer.json && !isRecord(json)) return;
  const body = isRecord(json) ? json : { text: answer.body };
  if (Object.keys(body).length === 0) return;
  respond(world.parts, { conversationId: conversation.id, personId: person.id }, body);
};

/** https://docs.slack.dev/interactivity/implementing-slash-commands: the form that a command is sent as. */
const commandForm = (world: World, conversation: Conversation, person: Person, command: string, text: string) => {
  const { parts, origin } = world;
  return new URLSearchParams({
    token: verificationToken,
    team_id: parts.directory.team.id,
    team_domain: teamDomain(parts.directory),
    channel_id: conversation.id,
    channel_name: conversation.name,
    user_id: person.id,
    user_name: person.handle,
    command,
    text,
    api_app_id: parts.directory.bot.appId,
    is_enterprise_install: 'false',
    response_url: responseUrl(parts, origin, { conversationId: conversation.id, personId: person.id }),
    trigger_id: parts.triggers.issue(person.id),
  });
};

const runCommand = async (world: World, conversation: Conversation, person: Person, typed: string) => {
  const [command = ''] = typed.split(/\s/, 1);
  if (isAccountVerb(command)) {
    slackbotSays(world, conversation, person, await changeAccount(world, command, typed.slice(command.length).trim()));
    return done;
  }
  const known = world.commands.find((each) => each.command === command);
  if (!known) {
    slackbotSays(
      world,
      conversation,
      person,
      `\`${escapeText(command)}\` is not a command here. Try \`/access help\`.`,
    );
    return done;
  }
  const written = typed.slice(command.length).trim();
  const text = known.shouldEscape ? escapeCommandText(world.parts.directory, written) : written;
  const answer = await world.ingress.send(commandForm(world, conversation, person, command, text));
  if (!answer.ok) {
    slackbotSays(
      world,
      conversation,
      person,
      `\`${command}\` failed with the error \`${answer.failure}\`. Try it again.`,
    );
    return done;
  }
  try {
    showAnswer(world, conversation, person, answer);
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    slackbotSays(world, conversation, person, `\`${command}\` failed with the error \`${error.error}\`.`);
  }
  return done;
};

/** A message as a person, or a slash command when it starts with one. */
export const say: Act<SayRequest> = (world, person, request) => {
  const conversation = findConversation(world.parts.directory, request.channel);
  if (!conversation || !isMember(world.parts.directory, conversation, person.id))
    return refuse('There is no such conversation for you. Choose one on the left.');
  const typed = request.text.trim();
  if (typed === '') return refuse('Write something first.');
  if (isReadOnly(world.parts.directory, conversation)) {
    return refuse('Nothing can be written here: the app’s manifest makes its messages tab read-only.');
  }
  if (typed.startsWith('/')) return runCommand(world, conversation, person, typed);
  try {
    const place = { conversation, authorId: person.id, ...threadOf(world.parts, conversation, request.threadTs) };
    const message = publish(world.parts, place, { text: escapeText(typed) });
    world.parts.store.markRead(person.id, conversation.id, message.ts);
    return done;
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    return refuse(
      error.error === 'thread_not_found'
        ? 'That thread is gone. Send it as a message of its own.'
        : 'That is too long: 40,000 characters fit.',
    );
  }
};
