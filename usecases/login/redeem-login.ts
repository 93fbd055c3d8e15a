import { isDaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import { advance, isCodeExpired, isTooSoon, tokenLivesSec } from '#core/login/login.ts';
import { sha256 } from '#core/sha256.ts';
import type { Ports } from '#ports/ports.ts';

/** The token is secret: it is returned here, once, and kept nowhere. */
export type Redemption =
  | { state: 'redeemed'; token: string; expiresAt: string; personId: string }
  | { state: 'waiting' | 'too-soon' | 'expired' | 'denied' | 'invalid' };

/**
 * What a program gets that polls with its device code. A code yields one token, whoever asks twice and whatever was
 * lost.
 */
export const redeemLogin = async (
  input: { deviceCode: string },
  ports: Pick<Ports, 'clock' | 'ids' | 'logins'>,
): Promise<Redemption> => {
  const login = await ports.logins.byDeviceCodeHash(sha256(input.deviceCode));
  if (!login || login.status === 'active') return { state: 'invalid' };
  if (login.status === 'denied' || login.status === 'revoked') return { state: 'denied' };
  const nowMs = ports.clock.nowMs();
  if (isCodeExpired(login, nowMs)) return { state: 'expired' };
  if (login.status === 'waiting') {
    const previousPollAt = await ports.logins.notePoll(login.id, toIso(nowMs));
    return { state: isTooSoon(previousPollAt, nowMs) ? 'too-soon' : 'waiting' };
  }
  const token = ports.ids.secret(32);
  const expiresAt = toIso(nowMs + tokenLivesSec * 1000);
  const { personId } = login;
  try {
    await ports.logins.save(
      advance(login, { status: 'active', personId, tokenHash: sha256(token), tokenExpiresAt: expiresAt }),
    );
  } catch (error) {
    if (isDaypassError(error, 'VersionConflict')) return { state: 'invalid' };
    throw error;
  }
  return { state: 'redeemed', token, expiresAt, personId };
};
