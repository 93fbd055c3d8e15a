import type { CredentialsView, RequestView } from '#core/api/views.ts';
import { commandName } from '#core/command-name.ts';
import type { Session } from './api.ts';
import type { Context } from './context.ts';
import { exits, Failure, usage } from './failure.ts';
import { tidy } from './kept-credentials.ts';
import { liveCredentials } from './live-credentials.ts';
import { pause } from './pause.ts';

/** A page of them; on the first are all of `mine` that are open. */
export type Requests = {
  mine: RequestView[];
  waitingForMe: RequestView[];
  /** Where there may be more, of any of them. */
  next?: string;
  /** The grants of which an extension does. An API of an earlier version has none. */
  extensionsForMe?: RequestView[];
};
/** `fresh`: new credentials, although there may be live ones. */
export type GrantOptions = { entitlement?: string; request?: string; fresh?: boolean };

/** The live grant that ends last. */
const lastToEnd = (requests: readonly RequestView[]): RequestView | undefined =>
  requests
    .filter((request) => request.status === 'active')
    .sort((a, b) => (b.grant?.endsAt ?? '').localeCompare(a.grant?.endsAt ?? ''))[0];

const isWaiting = (request: RequestView): boolean => request.status === 'pending' || request.status === 'approved';

const stillWaiting = ({ id, entitlementId, status }: RequestView): Failure => {
  const what = status === 'approved' ? 'is approved and about to start' : 'waits for approval in Slack';
  const hint = `Try again when it is active: \`${commandName} list\` shows how it stands.`;
  return new Failure(exits.waiting, 'pending', `Request ${id} for ${entitlementId} ${what}.`, hint);
};

/** Plain words in a hint, so that it can be copied whatever the entitlement is called. */
const askFor = (entitlementId: string): string =>
  `Ask for it: \`${commandName} request ${entitlementId} --for 30m --reason "…"\`.`;

/** What is approved starts within moments; nobody has to be told to come back for that. */
const startsWithinMs = 2000;
const lookAgainMs = 250;

/** Looks, and again while the grant is about to start. */
const settled = async (context: Context, look: () => Promise<RequestView>): Promise<RequestView> => {
  for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
    const request = await look();
    if (request.status !== 'approved' || waitedMs >= startsWithinMs) return request;
    await pause(context, lookAgainMs);
  }
};

const noGrant = (entitlementId: string): Failure =>
  new Failure(exits.notFound, 'no-grant', `You have no live grant of ${entitlementId}.`, askFor(entitlementId));

/** The live grant of it that ends last. Throws a Failure where there is none. */
export const liveGrantOf = async (entitlementId: string, session: Session): Promise<RequestView> => {
  const { mine } = await session.get<Requests>('/v1/requests');
  const found = lastToEnd(mine.filter((request) => request.entitlementId === entitlementId));
  if (found) return found;
  throw noGrant(entitlementId);
};

/** The request that the entitlement's credentials come from: a live grant before anything that waits. */
const requestFor = (entitlementId: string, mine: readonly RequestView[]): RequestView => {
  const about = mine.filter((request) => request.entitlementId === entitlementId);
  const found = lastToEnd(about) ?? about.find(({ status }) => status === 'approved') ?? about.find(isWaiting);
  if (found) return found;
  throw noGrant(entitlementId);
};

const insistOnLive = (request: RequestView): void => {
  const { id, status, entitlementId } = request;
  if (status === 'active') return;
  if (isWaiting(request)) throw stillWaiting(request);
  const exit = status === 'denied' || status === 'refused' ? exits.denied : exits.notFound;
  throw new Failure(exit, 'not-live', `Request ${id} gives no access: it is ${status}.`, askFor(entitlementId));
};

/** Which grant is meant has to be said, in one way. */
export const insistOnOne = (options: GrantOptions): GrantOptions => {
  if ((options.entitlement === undefined) !== (options.request === undefined)) return options;
  throw usage('Say which grant: either --entitlement ID or --request ID.', `\`${commandName} list\` shows yours.`);
};

/**
 * Credentials of the grant that the options name, which is asked about each time: what is kept of one that is over, or
 * that nobody can tell of just now, is not handed out. Throws a Failure that says what stands in the way.
 */
export const credentialsFor = async (
  context: Context,
  options: GrantOptions,
  session: Session,
): Promise<CredentialsView> => {
  const { entitlement, request: id } = insistOnOne(options);
  const tidied = (requests: readonly { id: string; status: string }[]): Promise<void> =>
    tidy({ env: context.env, address: session.address }, requests, context.clock.nowMs());
  const readOne = (requestId: string): Promise<RequestView> =>
    session.get<RequestView>(`/v1/requests/${encodeURIComponent(requestId)}`).catch(async (error: unknown) => {
      if (error instanceof Failure && error.exit === exits.notFound) await tidied([{ id: requestId, status: 'gone' }]);
      throw error;
    });
  const look = async (): Promise<RequestView> => {
    if (id !== undefined) return readOne(id);
    const { mine } = await session.get<Requests>('/v1/requests');
    await tidied(mine);
    return requestFor(entitlement ?? '', mine);
  };
  const request = await settled(context, look);
  if (id !== undefined) await tidied([request]);
  insistOnLive(request);
  return liveCredentials(context, session, request, options);
};
