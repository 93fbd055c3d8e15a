import type { RequestView } from '#core/api/views.ts';
import { commandName } from '#core/command-name.ts';
import type { Session } from './api.ts';
import { choose } from './ask.ts';
import type { Context } from './context.ts';
import { exits, Failure, usage } from './failure.ts';
import type { Requests } from './grant.ts';
import { standing } from './show.ts';

/** `command` is what names one of them: `daypass done ID`. */
type Wanted = { what: string; command: string; statuses: readonly RequestView['status'][] };

/** The one of my requests that is meant where no id was given: the only one, or the one that is chosen. */
export const pickOwn = async (
  context: Context,
  session: Session,
  { what, command, statuses }: Wanted,
): Promise<string> => {
  const { mine } = await session.get<Requests>('/v1/requests');
  const fitting = mine.filter((request) => statuses.includes(request.status));
  const [first, second] = fitting;
  if (!first)
    throw new Failure(exits.notFound, 'none', `You have no ${what}.`, `\`${commandName} list\` shows your requests.`);
  if (!second) return first.id;
  if (context.interactive && !context.json) {
    const nowMs = context.clock.nowMs();
    const choices = fitting.map((request) => ({
      value: request.id,
      label: `${request.entitlementId} (${request.id})`,
      hint: standing(request, nowMs),
    }));
    return choose(`Which ${what}?`, choices);
  }
  const ids = fitting.map((request) => `${request.id} (${request.entitlementId})`).join(', ');
  throw usage(`You have several: ${ids}.`, `Say which one: \`${command}\`.`);
};
