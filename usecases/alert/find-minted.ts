import type { Questions } from '#core/detection/detection.ts';
import { embeddedIn, type MintedSession } from '#core/detection/minted-session.ts';
import { longestAskedBeforeMs } from '#core/grant/session.ts';
import { mintIdIn } from '#core/grant/session-name.ts';
import { msOfUlid } from '#core/ulid.ts';
import type { Ports } from '#ports/ports.ts';

type FindPorts = Pick<Ports, 'requests' | 'sessions'>;

/**
 * The session that Daypass minted, by its name, or by its key where it goes by another name; and the request under
 * which it did. Those that an earlier version minted stand in their person's requests. Throws `StoreUnavailable`.
 */
export const findMinted = async (
  { userId, accessKeyId, personId }: NonNullable<Questions['mintedFor']>,
  ports: FindPorts,
): Promise<MintedSession | undefined> => {
  const mintId = mintIdIn(userId);
  const session =
    (mintId === undefined ? undefined : await ports.sessions.byMintId(mintId)) ??
    (accessKeyId === undefined ? undefined : await ports.sessions.byAccessKeyId(accessKeyId));
  if (!session) return findEmbedded(userId, personId, ports);
  const request = await ports.requests.get(session.requestId);
  return request && { session, request };
};

const findEmbedded = async (
  userId: string,
  personId: string,
  { requests }: FindPorts,
): Promise<MintedSession | undefined> => {
  const mintId = mintIdIn(userId);
  if (mintId === undefined) return undefined;
  // A mint's id is a ULID, so the name says when it was, and the request was asked before.
  const mintedMs = msOfUlid(mintId);
  const asked = await requests.askedBetween(personId, mintedMs - longestAskedBeforeMs, mintedMs);
  const [found] = asked.flatMap((request) => {
    const session = embeddedIn(request, userId);
    return session ? [{ session, request }] : [];
  });
  return found;
};
