import { DaypassError } from '#core/errors.ts';
import { toIso } from '#core/instant.ts';
import { countOf } from '#core/limits.ts';
import { codeLivesSec, type Login, mostPending, networkOf } from '#core/login/login.ts';
import { userCodeFrom } from '#core/login/user-code.ts';
import { done, type Outcome } from '#core/refusal.ts';
import { sha256 } from '#core/sha256.ts';
import type { Ports } from '#ports/ports.ts';
import { untilSaved } from '#usecases/change.ts';
import { withinLimits } from '#usecases/within-limits.ts';

/**
 * Opens a login that waits for its person, with another code where one is taken: there are 25 billion. The device code
 * is the program's secret: it is returned here and kept nowhere. Refused after too many from one address; where the
 * address is not known, or everybody's, those that waited longest make room.
 */
export const startLogin = (
  input: { askedFrom: Login['askedFrom'] },
  ports: Pick<Ports, 'clock' | 'ids' | 'logins'>,
): Promise<Outcome<{ login: Login; deviceCode: string }>> =>
  untilSaved(async () => {
    const deviceCode = ports.ids.secret(32);
    const userCode = userCodeFrom(Buffer.from(ports.ids.secret(32), 'base64url'));
    if (!userCode) throw new DaypassError('StoreUnavailable', 'The random numbers gave no code. Try again.');
    const nowMs = ports.clock.nowMs();
    const login: Login = {
      id: ports.ids.ulid(),
      version: 1,
      status: 'waiting',
      deviceCodeHash: sha256(deviceCode),
      userCode,
      askedFrom: input.askedFrom,
      askedAt: toIso(nowMs),
      codeExpiresAt: toIso(nowMs + codeLivesSec * 1000),
    };
    const { ip } = input.askedFrom;
    const place = ip === undefined ? undefined : networkOf(ip);
    const counts = place === undefined ? [] : [countOf('loginsFromAddress', place, nowMs)];
    const saved = await withinLimits(counts, nowMs, async () => done(await ports.logins.save(login, counts)));
    if (!saved.ok) return saved;
    if (place === undefined) await ports.logins.keepPending(login, mostPending);
    return done({ login, deviceCode });
  });
