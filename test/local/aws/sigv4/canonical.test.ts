import { describe, expect, it } from 'vitest';
import {
  canonicalRequest,
  type SignableRequest,
  sha256Hex,
  signatureOf,
  stringToSign,
} from '#local/aws/sigv4/canonical.ts';

/** The example account, key and instant of AWS's published Signature Version 4 test suite. */
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const amzDate = '20150830T123600Z';
const unreserved = '-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const sign = ({
  method = 'GET',
  path = '/',
  query = '',
  headers = [] as string[],
  body = '',
  service = 'service',
  host = 'example.amazonaws.com',
}): string => {
  const rawHeaders = ['Host', host, 'X-Amz-Date', amzDate, ...headers];
  const names = [...new Set(rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase()))].sort();
  const request: SignableRequest = { method, path, query, rawHeaders };
  const scope = { date: '20150830', region: 'us-east-1', service };
  return signatureOf(secret, scope, stringToSign(amzDate, scope, canonicalRequest(request, names, sha256Hex(body))));
};

const form = ['Content-Type', 'application/x-www-form-urlencoded'];

describe('a signature is the one that AWS publishes', () => {
  it.each([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'post-vanilla-query',
      { method: 'POST', query: 'Param1=value1' },
      '28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11',
    ],
    [
      'get-vanilla-empty-query-key',
      { query: 'Param1=value1' },
      'a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb',
    ],
    [
      'get-vanilla-query-order-key-case',
      { query: 'Param2=value2&Param1=value1' },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'get-vanilla-query-unreserved',
      { query: `${unreserved}=${unreserved}` },
      '9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197',
    ],
    ['get-vanilla-utf8-query', { query: 'ሴ=bar' }, '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04'],
    ['get-utf8', { path: '/ሴ' }, '8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85'],
    ['get-space', { path: '/example space/' }, '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741'],
    ['get-relative', { path: '/example/..' }, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['get-slash', { path: '//' }, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-header-value-trim',
      { headers: ['My-Header1', ' value1', 'My-Header2', ' "a   b   c"'] },
      'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    [
      'get-header-value-order',
      { headers: ['My-Header1', 'value4', 'My-Header1', 'value1', 'My-Header1', 'value3', 'My-Header1', 'value2'] },
      '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
    ],
    [
      'post-header-key-sort',
      { method: 'POST', headers: ['My-Header1', 'value1'] },
      'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
    ],
    [
      'post-header-value-case',
      { method: 'POST', headers: ['My-Header1', 'VALUE1'] },
      'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d',
    ],
    [
      'post-x-www-form-urlencoded',
      { method: 'POST', headers: form, body: 'Param1=value1' },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', (_, request, signature) => {
    expect(sign(request)).toBe(signature);
  });

  it('in the IAM user guide’s ListUsers example', () => {
    const headers = ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'];
    const query = 'Action=ListUsers&Version=2010-05-08';
    expect(sign({ headers, query, service: 'iam', host: 'iam.amazonaws.com' })).toBe(
      '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    );
  });
});
