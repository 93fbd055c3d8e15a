import type { PersonView } from '#core/api/views.ts';
import { openSession } from '../api.ts';
import { type Context, plain, succeed } from '../context.ts';
import { when } from '../show.ts';

export const run = async (context: Context): Promise<void> => {
  const session = await openSession(context);
  const person = await session.get<PersonView>('/v1/whoami');
  const { expiresAt } = session.login;
  succeed(context, { person, api: session.address, expiresAt }, [
    `${plain(person.name)} (${person.id}), in ${person.groups.join(', ') || 'no group'}`,
    `Logged in at ${session.address}; the login ends ${when(expiresAt, context.clock.nowMs())}.`,
  ]);
};
