import type { RequestView } from '#core/api/views.ts';
import { commandName } from '#core/command-name.ts';
import { openSession } from '../api.ts';
import { type Context, succeed } from '../context.ts';
import { pickOwn } from '../pick.ts';

/** Takes a request back before it became a grant. */
export const run = async (context: Context, id: string | undefined): Promise<void> => {
  const session = await openSession(context);
  const statuses = ['pending', 'approved'] as const;
  const requestId =
    id ?? (await pickOwn(context, session, { what: 'waiting request', command: `${commandName} cancel ID`, statuses }));
  const request = await session.post<RequestView>(`/v1/requests/${encodeURIComponent(requestId)}/cancel`);
  succeed(context, request, [`Your request for ${request.entitlementId} is cancelled.`]);
};
