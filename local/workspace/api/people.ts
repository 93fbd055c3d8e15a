import { findPerson } from '../directory.ts';
import { SlackRefusal } from '../refusal.ts';
import { slicePage } from './cursor.ts';
import type { Method } from './method.ts';
import { botShape, personShape } from './shapes.ts';

const authTest: Method = ({ directory }, _, origin) => ({
  url: `${origin}/workspace/`,
  team: directory.team.name,
  team_id: directory.team.id,
  user: directory.bot.name.toLowerCase(),
  user_id: directory.bot.id,
  bot_id: directory.bot.botId,
  is_enterprise_install: false,
});

const info: Method = ({ directory, store }, args) => {
  const id = args.text('user') ?? '';
  const person = findPerson(directory, id);
  if (person) return { user: personShape(directory, person, store.isDeactivated(person.id)) };
  if (id === directory.bot.id) return { user: botShape(directory) };
  throw new SlackRefusal('user_not_found');
};

const list: Method = ({ directory, store, clock }, args) => {
  const all = [
    ...directory.people.map((person) => personShape(directory, person, store.isDeactivated(person.id))),
    botShape(directory),
  ];
  const page = slicePage(all, args);
  return {
    members: page.items,
    cache_ts: Math.floor(clock.nowMs() / 1000),
    response_metadata: { next_cursor: page.nextCursor },
  };
};

export const people: Readonly<Record<string, Method>> = {
  'auth.test': authTest,
  'users.info': info,
  'users.list': list,
};
