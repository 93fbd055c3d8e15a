import { parseDuration } from '#core/duration.ts';

/** What somebody typed after `/access`. */
export type AccessCommand =
  | { kind: 'form' }
  | { kind: 'help' }
  | { kind: 'list' }
  | { kind: 'done'; id?: string }
  | { kind: 'cancel'; id?: string }
  /** Without a duration: the form. */
  | { kind: 'extend'; id?: string; bySec?: number; reason: string }
  | { kind: 'login'; code: string }
  | {
      kind: 'lockdown';
      verb: 'list' | 'begin' | 'lift';
      /** As it was typed: `person`, `role`, `account`, or anything else. */
      scope: string;
      name: string;
      reason: string;
    }
  | { kind: 'ask'; entitlementId: string; durationSec?: number; reason: string }
  | { kind: 'bad-duration'; typed: string; of: 'ask' | 'extend' };

/** Looks as if it were meant as a duration: `30`, `30min`, `-1h`, `1.5h`, `1e9`. */
const almostDuration = /^[-+]?\d[\d.,]*(?:e\d+)?[a-z]{0,7}$/i;

/** What confirmed a login once, and is passed over. Some keyboards make one long dash of two short ones. */
const isYes = (word: string): boolean => /^(?:--|[\u2013\u2014])yes$/i.test(word);

/** Never throws: what is no command is a one-line request, whose words the policy judges. */
export const parseCommand = (text: string): AccessCommand => {
  const words = text.trim().split(/\s+/u);
  const [first = '', second = '', ...rest] = words;
  const named = second === '' ? {} : { id: second.toUpperCase() };
  switch (first.toLowerCase()) {
    case '':
      return { kind: 'form' };
    case 'help':
      return { kind: 'help' };
    case 'list':
      return { kind: 'list' };
    case 'done':
      return { kind: 'done', ...named };
    case 'cancel':
      return { kind: 'cancel', ...named };
    case 'extend':
      return parseExtend(words.slice(1));
    case 'login': {
      const code = words.slice(1).filter((word) => !isYes(word));
      return { kind: 'login', code: code.join(' ') };
    }
    case 'lockdown':
      return parseLockdown(words.slice(1));
    default:
      return parseAsk(first.toLowerCase(), second, rest);
  }
};

/** A ULID, whole or not quite: nobody says a duration or a reason like that. */
const almostId = /^(?=.*\d)[0-9a-z]{20,30}$/i;

const parseExtend = (words: readonly string[]): AccessCommand => {
  const [first = ''] = words;
  const named = almostId.test(first) ? { id: first.toUpperCase() } : {};
  const [typed = '', ...reason] = 'id' in named ? words.slice(1) : words;
  if (typed === '') return { kind: 'extend', ...named, reason: '' };
  const bySec = parseDuration(typed);
  return bySec === undefined
    ? { kind: 'bad-duration', typed, of: 'extend' }
    : { kind: 'extend', ...named, bySec, reason: reason.join(' ') };
};

/** The user id of a mention as Slack writes it: `<@U0ALICE|alice>`. Anything else as it is. */
const unmentioned = (name: string): string => /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(name)?.[1] ?? name;

const parseLockdown = ([first = '', ...rest]: readonly string[]): AccessCommand => {
  const verb =
    first === '' || first.toLowerCase() === 'list' ? 'list' : first.toLowerCase() === 'lift' ? 'lift' : 'begin';
  const [scope = '', name = '', ...reason] = verb === 'begin' ? [first, ...rest] : rest;
  return { kind: 'lockdown', verb, scope: scope.toLowerCase(), name: unmentioned(name), reason: reason.join(' ') };
};

const parseAsk = (entitlementId: string, second: string, rest: readonly string[]): AccessCommand => {
  const durationSec = parseDuration(second);
  if (durationSec !== undefined) return { kind: 'ask', entitlementId, durationSec, reason: rest.join(' ') };
  if (almostDuration.test(second)) return { kind: 'bad-duration', typed: second, of: 'ask' };
  return { kind: 'ask', entitlementId, reason: [second, ...rest].join(' ').trim() };
};
