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
  const left = approvals.count - votes.filter(({ verdict }) => verdict === 'approve').length;
  const names = approvals.approvers
    .filter(({ id }) => !votes.some(({ person }) => person.id === id))
    .map(({ name }) => plain(name));
  if (names.length === 0 || names.length > mostNames) return `${left} of ${approvals.groups.map(plain).join(' or ')}`;
  if (left === 1) return names.join(' or ');
  return left === names.length ? names.join(' and ') : `${left} of ${names.join(', ')}`;
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
