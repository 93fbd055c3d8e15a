import { expect, it } from 'vitest';
import { sourceAddress } from '#local/source-address.ts';

const from = (headers: Record<string, string>, remoteAddress = '127.0.0.1') => ({ headers, socket: { remoteAddress } });
const publicUrl = 'https://daypass.example.com';
const forwarded = (hops: string) => from({ 'x-forwarded-for': hops });

it.each([
  ['nothing in front: who is connected', from({}), {}, '127.0.0.1'],
  ['nothing in front, as IPv6 writes it', from({}, '::ffff:192.0.2.7'), {}, '192.0.2.7'],
  ['a proxy that nobody told us of, and says so', forwarded('203.0.113.7'), {}, ''],
  ['the same with another header', from({ forwarded: 'for=203.0.113.7' }), {}, ''],
  ['a public address, and no proxy that is trusted', from({}), { publicUrl }, ''],
  ['a public address of this machine', from({}), { publicUrl: 'http://localhost:4600' }, '127.0.0.1'],
  ['one trusted proxy', forwarded('203.0.113.7'), { trustedProxies: 1, publicUrl }, '203.0.113.7'],
  ['what the sender wrote before it', forwarded('198.51.100.1, 203.0.113.7'), { trustedProxies: 1 }, '203.0.113.7'],
  ['two trusted proxies', forwarded('6.6.6.6, 203.0.113.7, 10.0.0.1'), { trustedProxies: 2 }, '203.0.113.7'],
  ['fewer hops than are trusted', forwarded('203.0.113.7'), { trustedProxies: 2 }, ''],
  ['a trusted proxy that says nothing', from({}), { trustedProxies: 1 }, ''],
  ['something that is no address', forwarded('<!channel>'), { trustedProxies: 1 }, ''],
  ['with a port', forwarded('203.0.113.7:4711'), { trustedProxies: 1 }, '203.0.113.7'],
  ['IPv6 with a port', forwarded('[2001:db8::7]:443'), { trustedProxies: 1 }, '2001:db8::7'],
])('%s', (_, request, behind, address) => {
  expect(sourceAddress(request, behind)).toBe(address);
});
