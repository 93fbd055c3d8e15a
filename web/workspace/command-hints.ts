/** What can be typed after a slash. `insert` is put into the composer when a line is chosen. */
export type Hint = { insert: string; shown: string; about: string };

const hints: readonly Hint[] = [
  { insert: '/access', shown: '/access', about: 'Open the form' },
  {
    insert: '/access ',
    shown: '/access orders-admin 30m fixing INC-42',
    about: 'Ask in one line: what, how long, why',
  },
  { insert: '/access list', shown: '/access list', about: 'What you have and what you asked for' },
  { insert: '/access extend', shown: '/access extend', about: 'Ask for more time before access ends' },
  { insert: '/access done', shown: '/access done', about: 'Give access back before its end' },
  { insert: '/access login ', shown: '/access login CODE', about: 'Let the command line in' },
  { insert: '/deactivate ', shown: '/deactivate bob', about: 'As Slack’s administrator: end somebody’s account' },
  { insert: '/reactivate ', shown: '/reactivate bob', about: 'As Slack’s administrator: bring it back' },
  { insert: '/access help', shown: '/access help', about: 'All of it, with examples' },
];

/** The lines that fit what has been typed so far. */
export const hintsFor = (typed: string): readonly Hint[] => {
  if (!typed.startsWith('/') || typed.includes('\n')) return [];
  return hints.filter((hint) => hint.shown.startsWith(typed));
};
