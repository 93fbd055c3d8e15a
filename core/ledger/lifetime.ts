import { addMs } from '#core/instant.ts';

/**
 * How long what a session was lives on: the one place that says until when a revocation has to stay in force.
 */

/** No session's credentials live longer: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const longestSessionMs = 12 * 3_600_000;

/**
 * Role chaining gives an hour at most: docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export const longestChainedMs = 3_600_000;

/**
 * With credentials that are not chained anybody makes a console session of up to 12 hours of its own
 * (`getSigninToken` with `SessionDuration`, which neither `DurationSeconds` nor the role's `MaxSessionDuration`
 * bounds), in the last second of their life too; its address can be opened for 15 minutes after that:
 * docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
const longestConsoleMs = 12 * 3_600_000 + 15 * 60_000;

/**
 * `chained`: the credentials that asked for the session were a role session's own. Then no `SessionDuration` is taken,
 * and a console session ends with the credentials (same page). Every session that Daypass mints is chained: a function
 * has its role's session, and a node that is an IAM user is not started. `leavesForMs`: how long what a session may
 * leave behind, such as a token of another service, can be used after the credentials are dead.
 */
export type Kind = { chained: boolean; leavesForMs?: number };

/** When nothing of a session can be used any more whose credentials die at `credentialsUntil`. */
export const deadBy = (credentialsUntil: string, { chained, leavesForMs = 0 }: Kind): string =>
  addMs(credentialsUntil, Math.max(chained ? 0 : longestConsoleMs, leavesForMs));

/** The same where all that is known of sessions is that they were issued before an instant. */
export const allDeadBy = (issuedBefore: string): string =>
  deadBy(addMs(issuedBefore, longestSessionMs), { chained: false });
