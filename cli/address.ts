import { usage } from './failure.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An API address in the one form under which its login is saved. A token must not cross a network in the clear. */
export const normalAddress = (given: string): string => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw usage(
      `${given} is not the address of an API.`,
      'Write it with its scheme, like https://daypass.example.com.',
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw usage('The address of the API has more than scheme, host, port and path.', 'Leave out the rest.');
  }
  if (url.protocol === 'http:' && !loopback.has(url.hostname)) {
    throw usage(`${url.origin} would carry your login unencrypted.`, 'Use https, or an address of this machine.');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
};
