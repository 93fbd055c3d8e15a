/**
 * A program's login (OAuth 2.0 device authorization grant, RFC 8628). Codes and tokens are kept only as SHA-256 hashes.
 */
export type Login = {
  id: string;
  version: number;
  /** Hash of the device code that the program polls with. */
  deviceCodeHash: string;
  /** What the person types, as shown: `BCDF-GHJK`. */
  userCode: string;
  /** From where it was asked for, as the server saw it, where it did, and as the program says. */
  askedFrom: { ip?: string; program: string; host?: string };
  askedAt: string;
  codeExpiresAt: string;
} & (
  | { status: 'waiting' }
  | { status: 'denied' }
  | { status: 'confirmed'; personId: string; confirmedAt: string }
  | { status: 'active'; personId: string; tokenHash: string; tokenExpiresAt: string }
  | { status: 'revoked'; personId: string }
);

type Next =
  | { status: 'denied' }
  | { status: 'confirmed'; personId: string; confirmedAt: string }
  | { status: 'active'; personId: string; tokenHash: string; tokenExpiresAt: string }
  | { status: 'revoked'; personId: string };

/** How long a code waits for its person, how long a token lives, and how often a program may ask. */
export const codeLivesSec = 600;
export const tokenLivesSec = 8 * 3600;
export const pollIntervalSec = 2;
/** A program that waits exactly the interval must never be told to slow down because its timer was early. */
const pollToleranceMs = 500;

/**
 * As many wait at once of callers whose address is not known. At a hundred a second it takes 100 s to go round, which a
 * person has to type a code.
 */
export const mostPending = 10_000;

/**
 * The network that logins are counted for: the address, or the first half of one of IPv6, which is one customer's.
 * Undefined for this machine's own, behind which anybody may be.
 */
export const networkOf = (ip: string): string | undefined => {
  if (ip.startsWith('127.') || ip === '::1') return undefined;
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return `${[...left, ...Array.from({ length: zeros }, () => '0'), ...right].slice(0, 4).join(':')}::/64`;
};

export const isCodeExpired = (login: Login, nowMs: number): boolean => nowMs >= Date.parse(login.codeExpiresAt);

/** Whether the token of this hash opens anything now. */
export const isTokenLive = (login: Login, tokenHash: string, nowMs: number): login is Login & { status: 'active' } =>
  login.status === 'active' && login.tokenHash === tokenHash && nowMs < Date.parse(login.tokenExpiresAt);

/** Whether a poll comes too soon after the one before it (ISO 8601; undefined for the first). */
export const isTooSoon = (previousPollAt: string | undefined, nowMs: number): boolean =>
  previousPollAt !== undefined && nowMs - Date.parse(previousPollAt) < pollIntervalSec * 1000 - pollToleranceMs;

/** The login's next version, in its next status. What belonged only to the status before is left behind. */
export const advance = (login: Login, next: Next): Login => ({
  id: login.id,
  version: login.version + 1,
  deviceCodeHash: login.deviceCodeHash,
  userCode: login.userCode,
  askedFrom: login.askedFrom,
  askedAt: login.askedAt,
  codeExpiresAt: login.codeExpiresAt,
  ...next,
});
