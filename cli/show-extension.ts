import { quorumOfViews } from '#core/api/answer-views.ts';
import type { ExtensionView } from '#core/api/extension-view.ts';
import type { RequestView } from '#core/api/views.ts';
import { formatDuration } from '#core/duration.ts';
import { plain } from './context.ts';

/** More people than this are named by their groups. */
const mostNames = 3;

/** The extension that was asked for last. */
export const newestExtension = ({ extensions }: RequestView): ExtensionView | undefined => extensions?.at(-1);

/** How much later the grant ends, or would end, with it: `30 min`. */
export const moreTime = (extension: ExtensionView, before: string | undefined): string =>
  formatDuration((Date.parse(extension.endsAt) - Date.parse(before ?? extension.endsAt)) / 1000);

/** Who can still answer: `Bob or Carol`, `Bob and Carol`, `2 of Bob, Carol, Dave`, `1 of leads`. */
export const waitsFor = ({ votes, approvals }: ExtensionView): string => {
  if (!approvals) return 'nobody';
  const nameOf = (id: string): string => plain(approvals.approvers.find((each) => each.id === id)?.name ?? id);
  return quorumOfViews(approvals, votes)
    .stages.map(({ missing, left, groups }) => {
      const names = left.map(nameOf);
      if (names.length === 0 || names.length > mostNames) return `${missing} of ${groups.map(plain).join(' or ')}`;
      if (missing === 1) return names.join(' or ');
      return missing === names.length ? names.join(' and ') : `${missing} of ${names.join(', ')}`;
    })
    .join(', ');
};

/** What became of the time that a live grant was to have on top, or an empty text where its end says it all. */
export const asked = (request: RequestView): string => {
  const newest = newestExtension(request);
  const more = newest && `+${moreTime(newest, request.grant?.endsAt)}`;
  if (newest?.status === 'waiting') return `; ${more} asked, waits for ${waitsFor(newest)}`;
  if (!newest?.denied) return '';
  return `; ${more} denied by ${plain(newest.denied.by.name)}: ${plain(newest.denied.reason)}`;
};

/** How long the whole window is by now. */
export const grantedSec = ({ durationSec, extensions = [] }: RequestView): number =>
  extensions.findLast(({ status }) => status === 'granted')?.durationSec ?? durationSec;
