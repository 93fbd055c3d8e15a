import { toIso } from '#core/instant.ts';
import type { AwsError } from '../service.ts';
import { headerValues, queryPairs, type Scope, type SignableRequest } from './canonical.ts';
import { incomplete, missingToken } from './refusals.ts';

/** What a request says about its signature, before any of it is believed. */
export type Claim = {
  accessKeyId: string;
  scope: Scope;
  /** Lower case, sorted as the client sent them. */
  signedHeaders: readonly string[];
  signature: string;
  /** `YYYYMMDDTHHMMSSZ`, and the same in milliseconds. */
  amzDate: string;
  signedAtMs: number;
  sessionToken?: string;
  /** Only of a presigned request. */
  expiresInSec?: number;
};

/** STS and IAM answer in XML and have their own error names. */
export const isQueryService = (service: string): boolean => service === 'sts' || service === 'iam';

const parseAmzDate = (text: string): number | undefined => {
  const found = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
};

/** `X-Amz-Date` wins over `Date`, which may be in either form. */
const dateOf = (rawHeaders: readonly string[]): { amzDate: string; signedAtMs: number; header: string } | undefined => {
  for (const header of ['x-amz-date', 'date']) {
    const [value] = headerValues(rawHeaders, header);
    if (value === undefined) continue;
    const ms = parseAmzDate(value) ?? (header === 'date' ? Date.parse(value) : Number.NaN);
    if (Number.isNaN(ms)) return undefined;
    const amzDate = `${toIso(ms).replace(/[-:]/g, '').slice(0, 15)}Z`;
    return { amzDate, signedAtMs: ms, header };
  }
  return undefined;
};

const splitCredential = (credential: string): { accessKeyId: string; scope: Scope } | undefined => {
  const parts = credential.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator] = parts;
  if (parts.length !== 5 || terminator !== 'aws4_request' || !/^\d{8}$/.test(date)) return undefined;
  if (!/^\w{4,128}$/.test(accessKeyId) || !/^[a-z0-9-]+$/.test(region) || !/^[a-z0-9.-]+$/.test(service))
    return undefined;
  return { accessKeyId, scope: { date, region, service } };
};

const signedHeadersOf = (text: string): string[] | undefined => {
  const names = text.split(';');
  return names.every((name) => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) ? names : undefined;
};

const fromHeader = (header: string, request: SignableRequest, isQuery: boolean): Claim => {
  const complain = (what: string): AwsError =>
    incomplete(
      isQuery,
      `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header, and 'Credential', 'SignedHeaders' and 'Signature' parameters: ${what}.`,
    );
  const [algorithm, ...rest] = header.split(/\s+/);
  if (algorithm !== 'AWS4-HMAC-SHA256') throw complain('the algorithm must be AWS4-HMAC-SHA256');
  const parts = new Map(
    rest
      .join('')
      .split(',')
      .map((part): [string, string] => {
        const at = part.indexOf('=');
        return [part.slice(0, at), part.slice(at + 1)];
      }),
  );
  const credential = splitCredential(parts.get('Credential') ?? '');
  const signedHeaders = signedHeadersOf(parts.get('SignedHeaders') ?? '');
  const signature = parts.get('Signature');
  const date = dateOf(request.rawHeaders);
  if (!credential) throw complain('Credential must be KEY/YYYYMMDD/REGION/SERVICE/aws4_request');
  if (!signedHeaders) throw complain('SignedHeaders must name lower-case headers');
  if (signature === undefined) throw complain('Signature is missing');
  if (!date) throw complain('there is no date that can be read');
  const unsigned = ['host', date.header, ...amzHeaders(request.rawHeaders)].filter(
    (name) => !signedHeaders.includes(name),
  );
  if (unsigned.length > 0) throw complain(`${unsigned.join(', ')} must be signed`);
  const [sessionToken] = headerValues(request.rawHeaders, 'x-amz-security-token');
  const { amzDate, signedAtMs } = date;
  return {
    ...credential,
    signedHeaders,
    signature,
    amzDate,
    signedAtMs,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
};

/** Every `x-amz-…` header that is sent has to be signed: `x-amz-target` names the operation. */
const amzHeaders = (rawHeaders: readonly string[]): string[] =>
  rawHeaders
    .filter((_, at) => at % 2 === 0)
    .map((name) => name.toLowerCase())
    .filter((name) => name.startsWith('x-amz-'));

const longestPresignSec = 604_800;

const fromQuery = (pairs: ReadonlyMap<string, string>, isQuery: boolean): Claim => {
  const of = (name: string): string => pairs.get(`X-Amz-${name}`) ?? '';
  const credential = splitCredential(of('Credential'));
  const signedHeaders = signedHeadersOf(of('SignedHeaders'));
  const signedAtMs = parseAmzDate(of('Date'));
  const expiresInSec = /^\d{1,6}$/.test(of('Expires')) ? Number(of('Expires')) : Number.NaN;
  const sound = of('Algorithm') === 'AWS4-HMAC-SHA256' && of('Signature') !== '';
  if (
    !sound ||
    !credential ||
    !signedHeaders?.includes('host') ||
    signedAtMs === undefined ||
    !(expiresInSec >= 1 && expiresInSec <= longestPresignSec)
  ) {
    throw incomplete(
      isQuery,
      'AWS query-string parameters must include X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders (with host) and X-Amz-Expires (1 to 604800).',
    );
  }
  const sessionToken = pairs.get('X-Amz-Security-Token');
  return {
    ...credential,
    signedHeaders,
    signature: of('Signature'),
    amzDate: of('Date'),
    signedAtMs,
    expiresInSec,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
};

/** The service that the credential scope names, read leniently: it decides in which words to refuse. */
export const serviceOf = (request: SignableRequest): string | undefined => {
  const [header = ''] = headerValues(request.rawHeaders, 'authorization');
  const credential =
    /Credential=([^,\s]+)/.exec(header)?.[1] ?? new Map(queryPairs(request.query)).get('X-Amz-Credential');
  return credential?.split('/')[3];
};

/** Throws MissingAuthenticationToken or IncompleteSignature. */
export const readClaim = (request: SignableRequest, isQuery: boolean): Claim => {
  const [header] = headerValues(request.rawHeaders, 'authorization');
  if (header !== undefined) return fromHeader(header, request, isQuery);
  const pairs = new Map(queryPairs(request.query));
  if (pairs.has('X-Amz-Algorithm')) return fromQuery(pairs, isQuery);
  throw missingToken(isQuery, 'Request is missing Authentication Token');
};
