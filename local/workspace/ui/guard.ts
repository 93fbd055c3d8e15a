import type { IncomingMessage } from 'node:http';
import { isForeignHost } from '../../foreign-host.ts';

/**
 * Why a request to the page or its calls is refused, or undefined when it is not. There is no login, so only this
 * machine may ask: a foreign `Host` is a name that was made to point here (DNS rebinding), a foreign `Origin` is
 * another site's page.
 */
export const refusalFor = (req: IncomingMessage): string | undefined => {
  const host = req.headers.host ?? '';
  if (isForeignHost(req))
    return 'The workspace answers only under localhost, 127.0.0.1 or [::1]. Open it by one of these names.';
  const origin = req.headers.origin;
  const site = req.headers['sec-fetch-site'];
  if (origin !== undefined && origin !== `http://${host}`)
    return 'A page of another site may not act in the workspace.';
  const navigation = req.headers['sec-fetch-mode'] === 'navigate' && req.method === 'GET';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigation)
    return 'A page of another site may not read the workspace.';
  if (req.method === 'POST' && !(req.headers['content-type'] ?? '').startsWith('application/json'))
    return 'Send JSON: content-type application/json.';
  return undefined;
};
