import type { CredentialsView, RequestView } from '#core/api/views.ts';
import type { Session } from './api.ts';
import type { Context } from './context.ts';
import { Failure } from './failure.ts';
import { fileOf, type Kept, keep, openFolder, type Place, readKept } from './kept-credentials.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { pause } from './pause.ts';

/** Kept credentials with less life than this are replaced. AWS's SDK for JavaScript asks again as early as that. */
const tooShortMs = 5 * 60_000;

/**
 * How the grant stands, as far as credentials depend on it: an extension moves the end of new ones, and where all
 * sessions of the role were revoked, only new ones work.
 */
const markOf = ({ grant, interrupted }: RequestView): string =>
  `${grant?.endsAt ?? ''} ${interrupted?.issuedBefore ?? ''}`;

/** Whether new ones would be no better. The last of a grant are good to their end: no others would live on. */
const isGood = ({ mark, view }: Kept, request: RequestView, nowMs: number): boolean => {
  const expiresMs = Date.parse(view.credentials.expiresAt);
  const isLast = expiresMs >= Date.parse(request.grant?.endsAt ?? '');
  return mark === markOf(request) && expiresMs > nowMs && (isLast || expiresMs - nowMs > tooShortMs);
};

/** What a role-wide revocation denies in advance is over within half a minute, and the grant goes on. */
const mint = async (context: Context, session: Session, { id }: RequestView): Promise<CredentialsView> => {
  for (let triesLeft = 8; ; triesLeft--) {
    try {
      return await session.post<CredentialsView>(`/v1/requests/${id}/credentials`);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'role-revoked' || triesLeft === 0) throw error;
      context.say(`${error.message} Waiting…`);
    }
    await pause(context, 5_000);
  }
};

/**
 * Credentials of a grant that was seen to be live just now: those that were handed out before, while they are good,
 * else new ones, which are kept. Commands that run at once get the same. `fresh` asks for new ones in any case.
 */
export const liveCredentials = async (
  context: Context,
  session: Session,
  request: RequestView,
  { fresh = false }: { fresh?: boolean },
): Promise<CredentialsView> => {
  const place: Place = { env: context.env, address: session.address, requestId: request.id };
  const good = async (): Promise<CredentialsView | undefined> => {
    const kept = fresh ? undefined : await readKept(place);
    return kept && isGood(kept, request, context.clock.nowMs()) ? kept.view : undefined;
  };
  const known = await good();
  if (known) return known;

  const file = fileOf(place);
  if (file === undefined) return mint(context, session, request);
  let minted: CredentialsView | undefined;
  try {
    await openFolder(context.env);
    return await oneAtATime(context, `${file}.lock`, async () => {
      const meanwhile = await good();
      if (meanwhile) return meanwhile;
      minted = await mint(context, session, request);
      await keep(place, { mark: markOf(request), view: minted });
      return minted;
    });
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error && 'code' in error)) throw error;
    context.say(`Credentials cannot be kept in ${file} (${error.code}), so each command takes new ones.`);
    return minted ?? (await mint(context, session, request));
  }
};
