import { WebAPIHTTPError } from '@slack/web-api';
import type { Standing } from '#ports/chat.ts';
import { type SlackUser, whyNoMember } from '#slack/standing.ts';
import { platformError } from './slack-errors.ts';

/** Slack itself, not what was put in its place. */
export const isSlack = (apiUrl: string | undefined): boolean =>
  apiUrl === undefined || /(?:^|\.)slack(?:-gov)?\.com$/.test(new URL(apiUrl).hostname);

const member: Standing = { is: 'member' };

/** https://docs.slack.dev/reference/methods/users.info: there is no such user, or none that this token may see. */
const unseen: readonly string[] = ['user_not_found', 'user_not_visible'];

/** It answered as one that has no method of this name. */
const lacksTheMethod = (error: unknown): boolean =>
  platformError(error) === 'unknown_method' ||
  (error instanceof WebAPIHTTPError && [404, 405, 501].includes(error.statusCode));

/**
 * What an answer of `users.info` says. `standsIn`: it is not Slack, but what was put in its place to try Daypass with.
 * Where that knows no accounts, there is nothing to ask. Slack itself always does. Throws what `ask` throws besides.
 */
export const standingFrom = async (ask: () => Promise<{ user?: unknown }>, standsIn: boolean): Promise<Standing> => {
  try {
    const { user } = await ask();
    if (typeof user !== 'object' || user === null) return standsIn ? member : { is: 'unknown', because: 'is not told' };
    const because = whyNoMember(user as SlackUser);
    return because === undefined ? member : { is: 'no-member', because };
  } catch (error) {
    if (unseen.includes(platformError(error) ?? '')) return { is: 'unknown', because: 'is none that it shows Daypass' };
    if (standsIn && lacksTheMethod(error)) return member;
    throw error;
  }
};
