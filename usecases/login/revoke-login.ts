import { isDaypassError } from '#core/errors.ts';
import { advance } from '#core/login/login.ts';
import { sha256 } from '#core/sha256.ts';
import type { Ports } from '#ports/ports.ts';

/** Makes a token useless. A token that is not known, or is useless already, is nothing (RFC 7009, section 2.2). */
export const revokeLogin = async (input: { token: string }, ports: Pick<Ports, 'logins'>): Promise<void> => {
  const tokenHash = sha256(input.token);
  const login = await ports.logins.byTokenHash(tokenHash);
  if (login?.status !== 'active' || login.tokenHash !== tokenHash) return;
  try {
    await ports.logins.save(advance(login, { status: 'revoked', personId: login.personId }));
  } catch (error) {
    // The only way on from `active` is `revoked`: somebody else was faster.
    if (!isDaypassError(error, 'VersionConflict')) throw error;
  }
};
