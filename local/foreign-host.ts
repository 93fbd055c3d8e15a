import type { IncomingMessage } from 'node:http';

export const loopbackNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/**
 * Whether a request names a host that is not ours. A page may have its own name resolve to this machine (DNS
 * rebinding), and the browser then counts what listens here as that page's site: the name in `Host` is all that tells.
 */
export const isForeignHost = ({ headers }: IncomingMessage, ours: ReadonlySet<string> = loopbackNames): boolean =>
  !ours.has(hostName(headers.host ?? ''));

/** The names under which the app is reached: this machine's, and that of its public address. */
export const namesOf = (publicUrl: string | undefined): ReadonlySet<string> =>
  publicUrl === undefined ? loopbackNames : new Set([...loopbackNames, new URL(publicUrl).hostname]);
