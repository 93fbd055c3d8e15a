import { quorumOfViews } from '#core/api/answer-views.ts';
import type { RequestView } from '#core/api/views.ts';
import { formatDuration } from '#core/duration.ts';
import { plain } from './context.ts';
import { asked, grantedSec, moreTime, newestExtension, waitsFor } from './show-extension.ts';

/** `2 h 5 min` of `2 h 5 min 13 s`: the two largest units. */
const roughly = (sec: number): string => formatDuration(sec).split(' ').slice(0, 4).join(' ');

/** An instant for a person: how far away it is, and when by the clock on the wall. */
export const when = (iso: string, nowMs: number): string => {
  const atMs = Date.parse(iso);
  const farSec = Math.round(Math.abs(atMs - nowMs) / 1000);
  const at = new Date(atMs);
  const sameDay = at.toDateString() === new Date(nowMs).toDateString();
  const clock = at.toLocaleString(
    undefined,
    sameDay ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
  return `${atMs >= nowMs ? `in ${roughly(farSec)}` : `${roughly(farSec)} ago`} (${clock})`;
};

/** Where a request stands, in a few words. */
export const standing = (request: RequestView, nowMs: number): string => {
  switch (request.status) {
    case 'pending':
      return `asked ${when(request.askedAt, nowMs)}, ${missing(request)}`;
    case 'approved':
      return 'approved, about to start';
    case 'active':
      return request.grant ? `ends ${when(request.grant.endsAt, nowMs)}${asked(request)}` : 'live';
    case 'ending':
      return request.revocationFailure
        ? revocationFailed(request, request.revocationFailure.since, nowMs)
        : 'over; its sessions are being revoked';
    case 'ended':
      return request.end ? `ended ${when(request.end.at, nowMs)}${verified(request, nowMs)}` : 'ended';
    case 'denied':
      return request.denied ? `denied by ${plain(request.denied.by.name)}: ${plain(request.denied.reason)}` : 'denied';
    case 'refused':
      return plain(request.refusedBecause?.join(' ') ?? 'refused by the access policy');
    case 'cancelled':
      return 'cancelled';
    case 'lapsed':
      return 'nobody answered in time';
  }
};

/** What to do beside waiting, in the account itself. */
const revocationFailed = ({ roleName, accountId }: RequestView, since: string, nowMs: number): string =>
  `over; revocation failed since ${when(since, nowMs)}, still trying. Each credential also ends by itself. If it is urgent: ` +
  `IAM of ${accountId}, role ${roleName}, Revoke sessions`;

const verified = ({ verifiedAt, how }: RequestView, nowMs: number): string => {
  if (verifiedAt === undefined) return '';
  const at = `verified ${when(verifiedAt, nowMs)}`;
  switch (how) {
    case 'denied':
      return `, sessions denied on the role, ${at}`;
    case 'no-session':
      return `, there was no session, ${at}`;
    case 'sessions-expired':
      return `, its sessions had expired, ${at}`;
    case 'role-gone':
      return `, the role is gone, ${at}`;
    default:
      return `, ${at}`;
  }
};

/** `1 of 2 approvals, any of leads`. */
export const missing = (request: RequestView): string => {
  if (!request.approvals) return 'no approval needed';
  return quorumOfViews(request.approvals, request.votes)
    .stages.map(({ given, needed, groups }) => `${given} of ${needed} approvals, by ${groups.join(' or ')}`)
    .join(', ');
};

/** Columns, as wide as their widest cell; the last one runs on. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? '')].length)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

export const requestTable = (requests: readonly RequestView[], nowMs: number): string[] =>
  table(
    ['ID', 'ENTITLEMENT', 'WHO', 'STATUS', 'FOR', 'WHEN'],
    requests.map((request) => [
      request.id,
      request.entitlementId,
      plain(request.person.name),
      request.status,
      formatDuration(grantedSec(request)),
      standing(request, nowMs),
    ]),
  );

/** Live grants of which an extension waits. */
export const extensionTable = (requests: readonly RequestView[], nowMs: number): string[] =>
  table(
    ['ID', 'ENTITLEMENT', 'WHO', 'MORE', 'WHEN', 'WHY'],
    requests.flatMap((request) => {
      const newest = newestExtension(request);
      if (!newest || !request.grant) return [];
      return [
        [
          request.id,
          request.entitlementId,
          plain(request.person.name),
          `+${moreTime(newest, request.grant.endsAt)}`,
          `ends ${when(request.grant.endsAt, nowMs)}, waits for ${waitsFor(newest)}`,
          plain(newest.reason),
        ],
      ];
    }),
  );
