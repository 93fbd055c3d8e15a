import { typedDuration } from '#core/typed-duration.ts';
import { slashWords } from './slash-text.ts';

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

/** Looks as if it were meant as a duration: `30`, `30min`, `-1h`, `1.5h`, `1e9`, `1h30x`. */
const almostDuration = /^[~\u2248]?[-+]?\d[\d.,]*(?:e\d+)?(?:[a-z]{0,7}|h\d+[a-z]{0,7})[,;:.]?$/i;

/** What confirmed a login once, and is passed over. Some keyboards make one long dash of two short ones. */
const isYes = (word: string): boolean => /^(?:--|[\u2013\u2014])yes$/i.test(word);

/** Never throws: what is no command is a one-line request, whose words the policy judges. */
export const parseCommand = (text: string): AccessCommand => {
  const { words, people } = slashWords(text);
  const [first = '', second = ''] = words;
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
      return parseLockdown(words.slice(1), people);
    default:
      return parseAsk(first.toLowerCase(), words.slice(1));
  }
};

/** A ULID, whole or not quite: nobody says a duration or a reason like that. */
const almostId = /^(?=.*\d)[0-9a-z]{20,30}$/i;

/** The duration at the beginning of the words, as long as it is: `20m`, `for 20m`, `20 minutes`, `1h 30m`. */
const durationFirst = (words: readonly string[]): { sec: number; rest: readonly string[] } | undefined => {
  const from = /^for$/i.test(words[0] ?? '') ? 1 : 0;
  for (let count = 4; count > 0; count--) {
    const some = words.slice(from, from + count);
    const sec = some.length === count ? typedDuration(some.join('')) : undefined;
    // A number that belongs to what follows is no minutes: `1h 5 servers`.
    const isWhole = count === 1 || /[a-z][,;:.]?$/.test(some.at(-1) ?? '');
    if (sec !== undefined && isWhole) return { sec, rest: words.slice(from + count) };
  }
  return undefined;
};

const parseExtend = (words: readonly string[]): AccessCommand => {
  const [first = ''] = words;
  const named = almostId.test(first) ? { id: first.toUpperCase() } : {};
  const left = 'id' in named ? words.slice(1) : words;
  const [typed = ''] = left;
  if (typed === '') return { kind: 'extend', ...named, reason: '' };
  const duration = durationFirst(left);
  return duration
    ? { kind: 'extend', ...named, bySec: duration.sec, reason: duration.rest.join(' ') }
    : { kind: 'bad-duration', typed, of: 'extend' };
};

const parseLockdown = (
  [first = '', ...rest]: readonly string[],
  people: ReadonlyMap<string, string>,
): AccessCommand => {
  const verb =
    first === '' || first.toLowerCase() === 'list' ? 'list' : first.toLowerCase() === 'lift' ? 'lift' : 'begin';
  const [scope = '', name = '', ...reason] = verb === 'begin' ? [first, ...rest] : rest;
  const named = people.get(name) ?? name;
  return { kind: 'lockdown', verb, scope: scope.toLowerCase(), name: named, reason: reason.join(' ') };
};

const parseAsk = (entitlementId: string, words: readonly string[]): AccessCommand => {
  const duration = durationFirst(words);
  if (duration) return { kind: 'ask', entitlementId, durationSec: duration.sec, reason: duration.rest.join(' ') };
  const [first = '', second = ''] = words;
  const typed = /^for$/i.test(first) && almostDuration.test(second) ? second : first;
  if (almostDuration.test(typed)) return { kind: 'bad-duration', typed, of: 'ask' };
  return { kind: 'ask', entitlementId, reason: words.join(' ').trim() };
};
