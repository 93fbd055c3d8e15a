/** `ts` names the message within its channel, as the chat does. */
export type PostedMessage = { channel: string; ts: string };

/** Where in a channel: as a reply, and then in the channel itself as well where it is `broadcast`. */
export type Place = { threadTs?: string; broadcast?: boolean };

/**
 * A chat that shows messages and changes them later. What a message is made of is the chat's own affair: `Message` is what
 * its renderers make. Every method throws `SlackUnavailable`, or its like, when trying again later may help. `no-channel`
 * means that it will not: the channel is gone or archived, or the app or the person is not in it.
 */
export type Chat<Message> = {
  /**
   * Posts to a channel, or to a person's direct messages when `to` is a user id. `key` finds the message again after a crash:
   * in the channel, so not one that is only in a thread.
   */
  post(to: string, message: Message, options?: Place & { key?: string }): Promise<PostedMessage | 'no-channel'>;
  update(posted: PostedMessage, message: Message): Promise<'updated' | 'no-message' | 'no-channel'>;
  /** The message that `post` sent to `to` with this key, if the chat can still find it. */
  find(to: string, key: string): Promise<PostedMessage | undefined>;
  /** Shows a message to one person in a channel. */
  tell(channel: string, userId: string, message: Message): Promise<'told' | 'no-channel'>;
};

/** Which messages show which request or alert. */
export type Postings = {
  get(subject: string): Promise<PostedMessage | undefined>;
  /**
   * Reserves the right to post for `subject`. `again`: somebody had it and kept no message: they gave it up, or died before
   * or after posting. `busy`: somebody has it now, or a message is kept already.
   */
  claim(subject: string): Promise<'first' | 'again' | 'busy'>;
  keep(subject: string, posted: PostedMessage): Promise<void>;
  /** Keeps it only where none is kept: somebody clicked on a message whose sender died before keeping it. */
  learn(subject: string, posted: PostedMessage): Promise<void>;
  /** Gives a claim back, since posting failed or may have; the next claim is `again`. */
  giveUp(subject: string): Promise<void>;
};
