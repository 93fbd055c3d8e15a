import type { CredentialsView, RequestView } from '#core/api/views.ts';
import type { Session } from './api.ts';
import { exits, Failure, usage } from './failure.ts';

export type Requests = { mine: RequestView[]; waitingForMe: RequestView[] };
export type GrantOptions = { entitlement?: string; request?: string };

/** The live grant that ends last. */
const lastToEnd = (requests: readonly RequestView[]): RequestView | undefined =>
  requests
    .filter((request) => request.status === 'active')
    .sort((a, b) => (b.grant?.endsAt ?? '').localeCompare(a.grant?.endsAt ?? ''))[0];

const isWaiting = (request: RequestView): boolean => request.status === 'pending' || request.status === 'approved';

const stillWaiting = ({ id, entitlementId, status }: RequestView): Failure => {
  const what = status === 'approved' ? 'is approved and about to start' : 'waits for approval in Slack';
  const hint = `Try again when it is active: \`daypass list\` shows how it stands.`;
  return new Failure(exits.waiting, 'pending', `Request ${id} for ${entitlementId} ${what}.`, hint);
};

/** Plain words in a hint, so that it can be copied whatever the entitlement is called. */
const askFor = (entitlementId: string): string =>
  `Ask for it: \`daypass request ${entitlementId} --for 30m --reason "…"\`.`;

const grantOfRequest = async (id: string, session: Session): Promise<RequestView> => {
  const request = await session.get<RequestView>(`/v1/requests/${encodeURIComponent(id)}`);
  if (request.status === 'active') return request;
  if (isWaiting(request)) throw stillWaiting(request);
  const no = request.status === 'denied' || request.status === 'refused';
  throw new Failure(
    no ? exits.denied : exits.notFound,
    'not-live',
    `Request ${id} gives no access: it is ${request.status}.`,
    askFor(request.entitlementId),
  );
};

const grantOfEntitlement = async (entitlementId: string, session: Session): Promise<RequestView> => {
  const { mine } = await session.get<Requests>('/v1/requests');
  const about = mine.filter((request) => request.entitlementId === entitlementId);
  const live = lastToEnd(about);
  if (live) return live;
  const waiting = about.find(isWaiting);
  if (waiting) throw stillWaiting(waiting);
  throw new Failure(exits.notFound, 'no-grant', `You have no live grant of ${entitlementId}.`, askFor(entitlementId));
};

/** Fresh credentials of the grant that the options name. Throws a Failure that says what stands in the way. */
export const credentialsFor = async (options: GrantOptions, session: Session): Promise<CredentialsView> => {
  const { entitlement, request } = options;
  if ((entitlement === undefined) === (request === undefined)) {
    throw usage('Say which grant: either --entitlement ID or --request ID.', '`daypass list` shows yours.');
  }
  const grant =
    request !== undefined
      ? await grantOfRequest(request, session)
      : await grantOfEntitlement(entitlement ?? '', session);
  return session.post<CredentialsView>(`/v1/requests/${grant.id}/credentials`);
};
