import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { loopbackNames } from './foreign-host.ts';

/** What proxies say of who asked; anybody can write it. */
const proxyHeaders = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'];

/** `203.0.113.7:4711` and `[2001:db8::7]:443`, as some proxies write it, without the port. */
const withoutPort = (text: string): string =>
  /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text)?.[1] ?? text;

const addressOf = (text: string | undefined): string => {
  const address = withoutPort((text ?? '').trim()).replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? '' : address;
};

/**
 * From where a request came, or '' where that is not known. The connection tells only who is next to us. Behind
 * `trustedProxies` of them, each of which adds the address of its caller at the end of `X-Forwarded-For`, it is the one
 * that the outermost of them added; whatever stands before it, the sender wrote. Without them a proxy is not to be
 * told from a caller on this machine, unless it says so or there is a public address.
 */
export const sourceAddress = (
  { headers, socket }: Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } },
  { trustedProxies = 0, publicUrl }: { trustedProxies?: number | undefined; publicUrl?: string | undefined },
): string => {
  if (trustedProxies > 0) {
    const hops = String(headers['x-forwarded-for'] ?? '').split(',');
    return addressOf(hops[hops.length - trustedProxies]);
  }
  const isPublic = publicUrl !== undefined && !loopbackNames.has(new URL(publicUrl).hostname);
  if (isPublic || proxyHeaders.some((name) => headers[name] !== undefined)) return '';
  return addressOf(socket.remoteAddress);
};
