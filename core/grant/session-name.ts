import { cut } from '#core/clip.ts';
import { ulidPattern } from '#core/ulid.ts';

/**
 * The role session name of one mint. One name for each, so that `aws:userid` names this session alone. At most 64
 * characters.
 */
export const sessionNameOf = (personId: string, mintId: string): string => `${cut(personId, 36)}-${mintId}`;

const lastPart = new RegExp(`-(${ulidPattern})$`);

/** The mint that a session's name, and so its `aws:userid`, ends with; undefined where it is none of Daypass. */
export const mintIdIn = (sessionName: string): string | undefined => lastPart.exec(sessionName)?.[1];
