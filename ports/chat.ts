/** `ts` names the message within its channel, as the chat does. */
export type PostedMessage = { channel: string; ts: string };

/** Where in a channel: as a reply, and then in the channel itself as well where it is `broadcast`. */
export type Place = { threadTs?: string; broadcast?: boolean };

/** What goes first where a chat takes only so many messages at a time. */
export type Urgency = 'alert' | 'approval' | 'notice';

/**
 * What a chat says of somebody's account with it; `because` is the end of a sentence about the account: `is
 * deactivated`.
 */
export type Standing = { is: 'member' } | { is: 'no-member' | 'unknown'; because: string };

/**
 * A chat that shows messages and changes them later. What a message is made of is the chat's own affair: `Message` is
 * what its renderers make. Every method throws `SlackUnavailable`, or its like, when trying again later may help.
 * `no-channel` means that it will not: the channel is gone or archived, or the app or the person is not in it.
 */
export type Chat<Message> = {
  /**
   * Posts to a channel, or to a person's direct messages when `to` is a user id. `key` finds the message again after a
   * crash: in the channel, so not one that is only in a thread.
   */
  post(
    to: string,
    message: Message,
    options?: Place & { key?: string; urgency?: Urgency },
  ): Promise<PostedMessage | 'no-channel'>;
  update(posted: PostedMessage, message: Message): Promise<'updated' | 'no-message' | 'no-channel'>;
  /** The message that `post` sent to `to` with this key, if the chat can still find it. */
  find(to: string, key: string): Promise<PostedMessage | undefined>;
  /** Shows a message to one person in a channel. */
  tell(channel: string, userId: string, message: Message): Promise<'told' | 'no-channel'>;
  /**
   * Asked now, within about a second. `unknown`: the chat answered, and not whether this is a member: for now it is not
   * known who that is.
   */
  standingOf(userId: string): Promise<Standing>;
};

/**
 * What is known of a message: where it is, whether somebody is posting it, and the newest version that it was to show.
 */
export type Posting = { posted?: PostedMessage; claimed?: 'now' | 'before'; version?: number };

/**
 * A message that is about to show a version of what it is about. `as`: it is there already; it is to be posted, for the
 * `first` time or `again` where somebody had reserved that before and may have done it; or it is neither there nor
 * wanted.
 */
export type Showing = { subject: string; version: number; as: 'posted' | 'first' | 'again' | 'not-wanted' };

/** A message that shows a version; `posted`: it is new and stands there. */
export type Finished = Pick<Showing, 'subject' | 'version'> & { posted?: PostedMessage };

/** Which messages show which request or alert. */
export type Postings = {
  get(subject: string): Promise<PostedMessage | undefined>;
  look(subject: string): Promise<Posting>;
  /**
   * Says of all of them that they are about to show their version, and reserves those that are to be posted: all or
   * none. False where one of them is to show a newer version by now, or was posted or reserved meanwhile.
   */
  begin(showings: readonly Showing[]): Promise<boolean>;
  /**
   * Keeps where the new ones are. False where one of them is to show a newer version by now: what was written over that
   * has to be written again, anew.
   */
  finish(shown: readonly Finished[]): Promise<boolean>;
  /**
   * Reserves the right to post for `subject`. `again`: somebody had it and kept no message: they gave it up, or died
   * before or after posting. `busy`: somebody has it now, or a message is kept already.
   */
  claim(subject: string): Promise<'first' | 'again' | 'busy'>;
  keep(subject: string, posted: PostedMessage): Promise<void>;
  /** Keeps it only where none is kept: somebody clicked on a message whose sender died before keeping it. */
  learn(subject: string, posted: PostedMessage): Promise<void>;
  /** Gives a claim back, since posting failed or may have; the next claim is `again`. */
  giveUp(subject: string): Promise<void>;
};
