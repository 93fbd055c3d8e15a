import { randomBytes } from 'node:crypto';
import { personShape } from '../api/shapes.ts';
import { findPersonByHandle, type Person } from '../directory.ts';
import type { World } from './act.ts';
import { verificationToken } from './payload.ts';

/** What an administrator of the workspace types, in place of Slack's page for its members. */
const verbs = { '/deactivate': true, '/reactivate': false } as const;
type Verb = keyof typeof verbs;

export const isAccountVerb = (command: string): command is Verb => Object.hasOwn(verbs, command);

/** https://docs.slack.dev/reference/events/user_change in the envelope of https://docs.slack.dev/apis/events-api */
const changeOf = ({ parts }: World, person: Person): Record<string, unknown> => {
  const { directory, store, clock } = parts;
  const atSec = Math.floor(clock.nowMs() / 1000);
  return {
    token: verificationToken,
    team_id: directory.team.id,
    api_app_id: directory.bot.appId,
    event: {
      type: 'user_change',
      user: personShape(directory, person, store.isDeactivated(person.id)),
      cache_ts: atSec,
      event_ts: `${atSec}.000000`,
    },
    type: 'event_callback',
    event_id: `Ev${randomBytes(8).toString('hex').toUpperCase()}`,
    event_time: atSec,
    authorizations: [{ enterprise_id: null, team_id: directory.team.id, user_id: directory.bot.id, is_bot: true }],
  };
};

/** Deactivates or reactivates somebody and tells the app so. Returns what came of it, in one sentence. */
export const changeAccount = async (world: World, verb: Verb, typed: string): Promise<string> => {
  const { directory, store, live } = world.parts;
  const person = findPersonByHandle(directory, typed.replace(/^@/, ''));
  if (!person) return `There is nobody called that here. Try \`${verb} ${directory.people[0]?.handle ?? 'alice'}\`.`;
  store.setDeactivated(person.id, verbs[verb]);
  live.changed();
  const answer = await world.ingress.tell(changeOf(world, person));
  const now = verbs[verb] ? `${person.name} is deactivated.` : `${person.name} is active again.`;
  return answer.ok ? now : `${now} The app did not take that event (${answer.failure}): type it again.`;
};
