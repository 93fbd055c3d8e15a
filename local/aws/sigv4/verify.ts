import { timingSafeEqual } from 'node:crypto';
import { toIso } from '#core/instant.ts';
import type { Caller } from '../service.ts';
import { type Claim, readClaim } from './authorization.ts';
import {
  canonicalRequest,
  headerValues,
  type SignableRequest,
  sha256Hex,
  signatureOf,
  stringToSign,
} from './canonical.ts';
import { expiredToken, requestExpired, unknownKey, wrongSignature } from './refusals.ts';

/** Who holds an access key, and what a signature made with it has to be checked against. */
export type KeyHolder = {
  caller: Caller;
  secretAccessKey: string;
  /** Session keys only: the token that must come with them, and when they end (the stack's clock). */
  session?: { token: string; expiresAtMs: number };
};

export type Verified = { caller: Caller; service: string; region: string };

export type Verification = {
  find: (accessKeyId: string) => KeyHolder | undefined;
  /** When the request arrived by the clock that its sender signs with. */
  wallNowMs: number;
  /** When it arrived by the stack's clock, which ends sessions. */
  stackNowMs: number;
};

const allowedSkewMs = 5 * 60_000;

const equal = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const compactDate = (ms: number): string => `${toIso(ms).replace(/[-:]/g, '').slice(0, 15)}Z`;

const checkDate = (claim: Claim, nowMs: number, isQuery: boolean): void => {
  if (claim.scope.date !== claim.amzDate.slice(0, 8)) {
    throw wrongSignature(
      isQuery,
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claim.scope.date}' != '${claim.amzDate.slice(0, 8)}', from '${claim.amzDate}'.`,
    );
  }
  const now = compactDate(nowMs);
  if (claim.signedAtMs > nowMs + allowedSkewMs) {
    const limit = compactDate(nowMs + allowedSkewMs);
    throw wrongSignature(
      isQuery,
      `Signature not yet current: ${claim.amzDate} is still later than ${limit} (${now} + 5 min.)`,
    );
  }
  if (claim.expiresInSec !== undefined) {
    if (nowMs >= claim.signedAtMs + claim.expiresInSec * 1000) throw requestExpired(isQuery, 'Request has expired.');
    return;
  }
  if (claim.signedAtMs < nowMs - allowedSkewMs) {
    const limit = compactDate(nowMs - allowedSkewMs);
    throw wrongSignature(isQuery, `Signature expired: ${claim.amzDate} is now earlier than ${limit} (${now} - 5 min.)`);
  }
};

/** Only S3 takes an unsigned or streamed payload; here the hash is always that of the body. */
const payloadHashOf = (request: SignableRequest, body: Uint8Array, isQuery: boolean): string => {
  const actual = sha256Hex(body);
  const [claimed] = headerValues(request.rawHeaders, 'x-amz-content-sha256');
  if (claimed !== undefined && claimed !== actual) {
    throw wrongSignature(
      isQuery,
      'The value of X-Amz-Content-Sha256 is not the SHA-256 of the body that was received.',
    );
  }
  return actual;
};

const unknown = (isQuery: boolean) => unknownKey(isQuery, 'The security token included in the request is invalid.');

const checkSession = (holder: KeyHolder, claim: Claim, stackNowMs: number, isQuery: boolean): void => {
  if (!holder.session) {
    if (claim.sessionToken !== undefined) throw unknown(isQuery);
    return;
  }
  if (claim.sessionToken === undefined || !equal(claim.sessionToken, holder.session.token)) throw unknown(isQuery);
  if (stackNowMs >= holder.session.expiresAtMs) {
    throw expiredToken(isQuery, 'The security token included in the request is expired');
  }
};

/**
 * Checks a request's signature and tells who made it. Throws in the words of the service: MissingAuthenticationToken,
 * IncompleteSignature, InvalidClientTokenId, SignatureDoesNotMatch, ExpiredToken, RequestExpired and their JSON names.
 */
export const verify = (
  request: SignableRequest,
  body: Uint8Array,
  isQuery: boolean,
  { find, wallNowMs, stackNowMs }: Verification,
): Verified => {
  const claim = readClaim(request, isQuery);
  const holder = find(claim.accessKeyId);
  if (!holder) throw unknown(isQuery);
  checkSession(holder, claim, stackNowMs, isQuery);
  checkDate(claim, wallNowMs, isQuery);
  const canonical = canonicalRequest(request, claim.signedHeaders, payloadHashOf(request, body, isQuery));
  const wanted = signatureOf(holder.secretAccessKey, claim.scope, stringToSign(claim.amzDate, claim.scope, canonical));
  if (!equal(wanted, claim.signature)) {
    throw wrongSignature(
      isQuery,
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  return { caller: holder.caller, service: claim.scope.service, region: claim.scope.region };
};
