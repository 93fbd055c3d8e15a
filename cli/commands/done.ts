import type { RequestView } from '#core/api/views.ts';
import { commandName } from '#core/command-name.ts';
import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import { forget } from '../kept-credentials.ts';
import { pickOwn } from '../pick.ts';

/** Ends a grant: it mints nothing from now on, and its sessions are revoked. */
export const run = async (context: Context, id: string | undefined): Promise<void> => {
  const session = await openSession(context);
  const requestId =
    id ??
    (await pickOwn(context, session, { what: 'live grant', command: `${commandName} done ID`, statuses: ['active'] }));
  const place = { env: context.env, address: session.address, requestId };
  await forget(place);
  const request = await session.post<RequestView>(`/v1/requests/${encodeURIComponent(requestId)}/end`);
  const revoked = request.status === 'ended' ? 'Its sessions are revoked.' : 'Its sessions are being revoked.';
  succeed(context, request, [`Your grant of ${request.entitlementId} is over. ${revoked}`]);
};
