import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AwsError, Caller } from '#local/aws/service.ts';
import {
  canonicalRequest,
  type SignableRequest,
  sha256Hex,
  signatureOf,
  stringToSign,
} from '#local/aws/sigv4/canonical.ts';
import { type KeyHolder, verify } from '#local/aws/sigv4/verify.ts';
import { systemClock } from '#local/clock.ts';

const caller: Caller = {
  kind: 'user',
  accountId: '111111111111',
  arn: 'arn:aws:iam::111111111111:user/alice',
  userId: 'AIDAALICE',
  userName: 'alice',
  accessKeyId: 'AKIAALICE',
};
const secret = 'alice-secret';
const nowMs = Date.parse('2026-11-22T10:00:00Z');
const minute = 60_000;

const holders: Record<string, KeyHolder> = {
  AKIAALICE: { caller, secretAccessKey: secret },
  ASIASESSION: { caller, secretAccessKey: secret, session: { token: 'the-token', expiresAtMs: nowMs + minute } },
};

const check = (
  request: SignableRequest,
  body: string,
  isQuery: boolean,
  times: { wallNowMs?: number; stackNowMs?: number } = {},
) =>
  verify(request, Buffer.from(body), isQuery, {
    find: (id) => holders[id],
    wallNowMs: nowMs,
    stackNowMs: nowMs,
    ...times,
  });

/** Signs by hand, as exactly or as wrongly as a case needs it. */
const signed = (
  change: {
    key?: string;
    secretUsed?: string;
    amzDate?: string;
    scopeDate?: string;
    headers?: string[];
    names?: string[];
    body?: string;
    payloadHash?: string;
    authorization?: (header: string) => string;
  } = {},
): SignableRequest => {
  const {
    key = 'AKIAALICE',
    secretUsed = secret,
    amzDate = '20261122T100000Z',
    scopeDate = '20261122',
    headers = [],
    body = '',
  } = change;
  const rawHeaders = ['Host', '127.0.0.1:4566', 'X-Amz-Date', amzDate, ...headers];
  const names =
    change.names ??
    ['host', 'x-amz-date', ...headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())].sort();
  const request = { method: 'POST', path: '/', query: '', rawHeaders };
  const scope = { date: scopeDate, region: 'us-east-1', service: 'sts' };
  const canonical = canonicalRequest(request, names, change.payloadHash ?? sha256Hex(body));
  const signature = signatureOf(secretUsed, scope, stringToSign(amzDate, scope, canonical));
  const header = `AWS4-HMAC-SHA256 Credential=${key}/${scopeDate}/us-east-1/sts/aws4_request, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return {
    ...request,
    rawHeaders: [...rawHeaders, 'Authorization', (change.authorization ?? ((same) => same))(header)],
  };
};

const codes = (run: (isQuery: boolean) => unknown): string[] =>
  [true, false].map((isQuery) => {
    try {
      run(isQuery);
      return 'accepted';
    } catch (error) {
      return (error as AwsError).code;
    }
  });

describe('a request', () => {
  it('that is signed rightly tells caller, service and region', () => {
    expect(check(signed(), '', true)).toEqual({ caller, service: 'sts', region: 'us-east-1' });
  });

  it('that carries no signature is refused as such', () => {
    const request = { method: 'POST', path: '/', query: '', rawHeaders: ['Host', 'x'] };
    expect(codes((isQuery) => check(request, '', isQuery))).toEqual([
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
    ]);
  });

  it.each([
    ['another algorithm', (header: string) => header.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')],
    ['no signature part', (header: string) => header.replace(/, Signature=.*/, '')],
    ['no signed headers', (header: string) => header.replace(/SignedHeaders=[^,]*, /, '')],
    ['a scope of four parts', (header: string) => header.replace('/aws4_request', '')],
    ['a scope that ends in another word', (header: string) => header.replace('aws4_request', 'aws5_request')],
    ['an empty header', () => ''],
  ])('whose authorization has %s is incomplete', (_, authorization) => {
    const request = signed({ authorization });
    expect(codes((isQuery) => check(request, '', isQuery))).toEqual([
      'IncompleteSignature',
      'IncompleteSignatureException',
    ]);
  });

  it.each([
    ['host', { names: ['x-amz-date'] }],
    ['the date', { names: ['host'] }],
    ['the operation', { names: ['host', 'x-amz-date'], headers: ['X-Amz-Target', 'AWSEvents.PutEvents'] }],
  ])('that leaves %s unsigned is incomplete', (_, change) => {
    const request = signed(change);
    expect(codes((isQuery) => check(request, '', isQuery))).toEqual([
      'IncompleteSignature',
      'IncompleteSignatureException',
    ]);
  });

  it('of a key that nobody has is refused before its signature is looked at', () => {
    const request = signed({ key: 'AKIANOBODY' });
    expect(codes((isQuery) => check(request, '', isQuery))).toEqual([
      'InvalidClientTokenId',
      'UnrecognizedClientException',
    ]);
  });

  it.each([
    ['another secret', { secretUsed: 'not-the-secret' }],
    ['another body', { body: 'Action=DeleteRole' }],
    ['the date of another day in the scope', { scopeDate: '20261121' }],
    ['an unsigned payload', { payloadHash: 'UNSIGNED-PAYLOAD', headers: ['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'] }],
    [
      'a payload hash that is not that of the body',
      { payloadHash: sha256Hex('x'), headers: ['X-Amz-Content-Sha256', sha256Hex('x')] },
    ],
    ['a signature cut short', { authorization: (header: string) => header.slice(0, -1) }],
  ])('signed with %s does not match', (_, change) => {
    const request = signed(change);
    expect(codes((isQuery) => check(request, '', isQuery))).toEqual([
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
    ]);
  });

  it('is good for five minutes before and after its date, by the clock of its sender', () => {
    const at = (minutes: number, ms = 0) =>
      codes((isQuery) => check(signed(), '', isQuery, { wallNowMs: nowMs + minutes * minute + ms }))[0];
    expect(at(5)).toBe('accepted');
    expect(at(5, 1)).toBe('SignatureDoesNotMatch');
    expect(at(-5)).toBe('accepted');
    expect(at(-5, -1)).toBe('SignatureDoesNotMatch');
  });

  it('that came too late says so', () => {
    expect(() => check(signed(), '', true, { wallNowMs: nowMs + 6 * minute })).toThrow(
      'Signature expired: 20261122T100000Z is now earlier than 20261122T100100Z (20261122T100600Z - 5 min.)',
    );
  });
});

describe('a session key', () => {
  const withToken = (token: string) => signed({ key: 'ASIASESSION', headers: ['X-Amz-Security-Token', token] });

  it('is good with its token', () => {
    expect(check(withToken('the-token'), '', true).caller).toBe(caller);
  });

  it('is nobody’s without it, or with another', () => {
    const refused = ['InvalidClientTokenId', 'UnrecognizedClientException'];
    expect(codes((isQuery) => check(signed({ key: 'ASIASESSION' }), '', isQuery))).toEqual(refused);
    expect(codes((isQuery) => check(withToken('the-tokem'), '', isQuery))).toEqual(refused);
  });

  it('is expired from its end on, by the clock of the stack', () => {
    const at = (stackNowMs: number) => codes((isQuery) => check(withToken('the-token'), '', isQuery, { stackNowMs }));
    expect(at(nowMs + minute - 1)).toEqual(['accepted', 'accepted']);
    expect(at(nowMs + minute)).toEqual(['ExpiredToken', 'ExpiredTokenException']);
  });

  it('does not lend its token to a long-term key', () => {
    const request = signed({ headers: ['X-Amz-Security-Token', 'the-token'] });
    expect(codes((isQuery) => check(request, '', isQuery))[0]).toBe('InvalidClientTokenId');
  });
});

/** A client’s signed request, caught before it is sent. */
type Sent = {
  method: string;
  path: string;
  query: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body: string | Uint8Array;
};

const catchRequest = () => {
  const sent: Sent[] = [];
  const handle = async (request: unknown): Promise<never> => {
    sent.push(request as Sent);
    throw new Error('caught');
  };
  return {
    sent,
    settings: {
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:4566',
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIAALICE', secretAccessKey: secret },
      requestHandler: { handle },
    },
  };
};

const received = (sent: Sent | undefined): [request: SignableRequest, body: string] => {
  if (!sent) throw new Error('No request was sent.');
  const { method, path, headers, body } = sent;
  return [{ method, path, query: '', rawHeaders: Object.entries(headers).flat() }, Buffer.from(body).toString('utf8')];
};

describe('the SDK’s own signer and ours agree', () => {
  it('on Query and JSON requests with any text in them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const { sent, settings } = catchRequest();
        await expect(
          new STSClient(settings).send(new AssumeRoleCommand({ RoleArn: text, RoleSessionName: text })),
        ).rejects.toThrow('caught');
        await expect(
          new DynamoDBClient(settings).send(new GetItemCommand({ TableName: text, Key: { id: { S: text } } })),
        ).rejects.toThrow('caught');
        for (const [index, isQuery] of [true, false].entries()) {
          const [request, body] = received(sent[index]);
          const { service } = check(request, body, isQuery, { wallNowMs: systemClock().nowMs() });
          expect(service).toBe(isQuery ? 'sts' : 'dynamodb');
        }
      }),
      { numRuns: 50 },
    );
  });

  it('never on a body of which one byte is another', async () => {
    const { sent, settings } = catchRequest();
    await expect(
      new STSClient(settings).send(new AssumeRoleCommand({ RoleArn: 'arn', RoleSessionName: 'alice' })),
    ).rejects.toThrow('caught');
    const [request, body] = received(sent[0]);
    fc.assert(
      fc.property(fc.nat({ max: body.length - 1 }), fc.integer({ min: 32, max: 126 }), (at, code) => {
        const changed = body.slice(0, at) + String.fromCharCode(code) + body.slice(at + 1);
        fc.pre(changed !== body);
        expect(codes(() => check(request, changed, true, { wallNowMs: systemClock().nowMs() }))[0]).toBe(
          'SignatureDoesNotMatch',
        );
      }),
    );
  });
});
