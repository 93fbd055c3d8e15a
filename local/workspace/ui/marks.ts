import { findConversation, isMember } from '../directory.ts';
import { isTs } from '../timestamps.ts';
import { type Act, done, refuse } from './act.ts';
import type { MarkRequest } from './contract.ts';

/** The person has seen the conversation up to this message. */
export const markRead: Act<MarkRequest> = ({ parts }, person, { channel, ts }) => {
  const conversation = findConversation(parts.directory, channel);
  if (!conversation || !isMember(parts.directory, conversation, person.id) || !isTs(ts))
    return refuse('There is no such message.');
  parts.store.markRead(person.id, channel, ts);
  parts.live.changed();
  return done;
};

/** Takes an ephemeral message off the person's page. */
export const dismiss: Act<MarkRequest> = ({ parts }, person, { channel, ts }) => {
  parts.ephemerals.remove(person.id, channel, ts);
  parts.live.changed();
  return done;
};
