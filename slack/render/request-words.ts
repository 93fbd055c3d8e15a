import { roleOf } from '#core/aws-role.ts';
import { formatDuration } from '#core/duration.ts';
import { aliveAt } from '#core/grant/minted.ts';
import type { Policy } from '#core/policy/policy.ts';
import type { AccessRequest, ChainedEnd, GrantEnd, GrantedRequest } from '#core/request/request.ts';
import { lengthOf } from './extension-steps.ts';
import { mention } from './people.ts';
import { code, inert, when } from './text.ts';

/** `production (222222222222)`. Escaped. */
export const accountName = (policy: Policy, accountId: string): string => {
  const account = policy.accounts.find((candidate) => candidate.id === accountId);
  return account ? `${inert(account.name, 60)} (${accountId})` : inert(accountId, 60);
};

/** `orders-admin in production (222222222222)`. */
export const whatIn = (policy: Policy, { entitlementId, accountId }: AccessRequest): string =>
  `${code(entitlementId)} in ${accountName(policy, accountId)}`;

/** `orders-admin in production (222222222222) for 20 s`. */
export const whatFor = (policy: Policy, request: AccessRequest): string =>
  `${whatIn(policy, request)} for ${formatDuration(lengthOf(request))}`;

/** Status as an emoji and a word, never one of them alone. */
export const statusLabel = (request: AccessRequest): string => {
  switch (request.status) {
    case 'pending':
      return '⏳ Waiting for approval';
    case 'approved':
      return '☑️ Approved, starting';
    case 'active':
      return '🟢 Active';
    case 'ending':
      return request.failure ? '🚨 Revocation failed, still trying' : '🔄 Ending, revoking sessions';
    case 'ended':
      return '🔒 Ended';
    case 'denied':
      return '⛔ Denied';
    case 'cancelled':
      return '⚪ Cancelled';
    case 'lapsed':
      return '⌛ Lapsed';
    case 'refused':
      return '🚫 Refused';
  }
};

/** What its requester does with it, between the name and `whatFor`. */
export const verbOf = ({ status }: AccessRequest): string => {
  switch (status) {
    case 'pending':
      return 'asks for';
    case 'approved':
      return 'gets';
    case 'active':
      return 'has';
    case 'ending':
    case 'ended':
      return 'had';
    case 'denied':
    case 'cancelled':
    case 'lapsed':
    case 'refused':
      return 'asked for';
  }
};

export const endedBecause = (policy: Policy, end: GrantEnd): string => {
  const by = end.by === undefined ? '' : ` by ${mention(policy, end.by)}`;
  switch (end.reason) {
    case 'expired':
      return 'The time was up';
    case 'done':
      return `Handed back${by}`;
    case 'revoked':
      return `Revoked${by}`;
    case 'policy-changed':
      return 'The access policy no longer allows it';
    case 'workflow-failed':
      return 'Its workflow failed, so access was withdrawn';
    case 'lockdown':
      return `Locked down${by}`;
  }
};

const sessionCount = (count: number): string => (count === 1 ? '1 session' : `${count} sessions`);

/** Sessions that could still have been alive when the grant's end came. */
const liveAtEnd = (request: GrantedRequest, end: GrantEnd): number => aliveAt(request.minted, Date.parse(end.at));

/** So many are named; the audit has them all. */
const mostNamed = 5;

const roleIn = (roleArn: string): string => {
  const { accountId, roleName } = roleOf(roleArn);
  return `${code(roleName)} in ${accountId}`;
};

/** What became of the sessions that went on to other roles. */
const onwardEnd = (chained: readonly ChainedEnd[]): string => {
  const named = (of: (end: ChainedEnd) => boolean, words: (roles: string) => string): string[] => {
    const roles = chained.filter(of).map(({ roleArn }) => roleIn(roleArn));
    if (roles.length === 0) return [];
    const more = roles.length > mostNamed ? ` and ${roles.length - mostNamed} more` : '';
    return [`; ${words(`${roles.slice(0, mostNamed).join(', ')}${more}`)}`];
  };
  const wentOn = (how: ChainedEnd['how'], text: string): string[] =>
    named(
      (end) => end.how === how && !end.unseen,
      (roles) => `it went on to ${roles}, ${text}`,
    );
  return [
    ...wentOn('denied', 'and that is denied as well'),
    ...wentOn('expired', 'where its credentials have expired by themselves'),
    ...wentOn('role-gone', 'which is not there any more'),
    ...named(
      ({ how, unseen }) => how === 'denied' && unseen === true,
      (roles) => `it may have gone on to ${roles}, so it is denied there as well`,
    ),
  ].join('');
};

/** What became of the grant's sessions, and since when that is certain. */
export const verifiedEnd = (request: Extract<AccessRequest, { status: 'ended' }>): string =>
  `${ownEnd(request)}${onwardEnd(request.chained ?? [])}`;

const ownEnd = (request: Extract<AccessRequest, { status: 'ended' }>): string => {
  const at = `verified ${when(request.verifiedAt)}`;
  switch (request.how) {
    case 'denied': {
      const count = liveAtEnd(request, request.end);
      return `${sessionCount(count)} revoked by the deny on ${code(request.roleName)}, ${at}`;
    }
    case 'no-session':
      return `no credentials were ever handed out, so there was nothing to revoke, ${at}`;
    case 'sessions-expired':
      return `its credentials had expired by themselves, ${at}`;
    case 'role-gone':
      return `${code(request.roleName)} is not there any more, and AWS refuses sessions of a role that was deleted, ${at}`;
  }
};
