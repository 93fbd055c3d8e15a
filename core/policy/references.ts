import { durationInWords } from '#core/duration.ts';
import { closestTo } from './did-you-mean.ts';
import type { PolicyDocument } from './document.ts';
import type { Located } from './issues.ts';
import { listed, secondsOf } from './resolve.ts';
import { allOf, peopleOf } from './sentences.ts';
import type { Path } from './source-text.ts';
import { ticketPatternProblem } from './ticket.ts';

/** What no schema can say: names that lead nowhere, one alias for two people, rules that nobody can satisfy. */
export const referenceProblems = (document: PolicyDocument): readonly Located[] => [
  ...groupReferences(document).flatMap(({ path, group }) =>
    unknownName('group', group, Object.keys(document.groups), path),
  ),
  ...Object.entries(document.groups).flatMap(([group, people]) =>
    people.flatMap((person, index) =>
      unknownName('person', person, Object.keys(document.people), ['groups', group, index]),
    ),
  ),
  ...sharedAliases(document),
  ...accountProblems(document),
  ...Object.keys(document.entitlements).flatMap((id) => entitlementProblems(document, id)),
  ...ticketProblems(document),
];

/** Every place that names a group. */
export const groupReferences = (document: PolicyDocument): readonly { path: Path; group: string }[] => {
  const named = (groups: readonly string[], ...path: string[]) =>
    groups.map((group, index) => ({ path: [...path, index], group }));
  return [
    ...Object.entries(document.entitlements).flatMap(([id, { mayAsk, approval }]) => [
      ...named(mayAsk, 'entitlements', id, 'mayAsk'),
      ...(approval === 'none' ? [] : named(approval.of, 'entitlements', id, 'approval', 'of')),
    ]),
    ...named(document.mayRevoke, 'mayRevoke'),
    ...named(document.alerts.mayRevoke, 'alerts', 'mayRevoke'),
    ...named(document.alerts.mayDismiss, 'alerts', 'mayDismiss'),
  ];
};

const unknownName = (what: string, name: string, known: readonly string[], path: Path): Located[] => {
  if (known.includes(name)) return [];
  const meant = closestTo(name, known);
  const hint = meant === undefined ? `Known: ${allOf(known) || 'none'}.` : `Did you mean ${meant}?`;
  return [{ path, message: `There is no ${what} ${name}.`, hint }];
};

/** Each value but the first that comes to the same, with where the first one is. */
const repeats = (values: readonly { path: Path; same: string; owner: string }[]) => {
  const first = new Map<string, string>();
  return values.flatMap(({ path, same, owner }) => {
    const before = first.get(same);
    if (before === undefined) first.set(same, owner);
    return before === undefined || before === owner ? [] : [{ path, before }];
  });
};

const sharedAliases = (document: PolicyDocument): Located[] => {
  const aliases = (kind: 'slack' | 'email', same: (alias: string) => string) =>
    Object.entries(document.people).flatMap(([owner, person]) =>
      listed(person[kind]).map((alias, index) => ({
        path: ['people', owner, kind, ...(typeof person[kind] === 'string' ? [] : [index])],
        same: same(alias),
        owner,
      })),
    );
  return [
    ...repeats(aliases('slack', (id) => id)).map(({ path, before }) => ({
      path,
      message: `${before} has this Slack user id too.`,
      hint: 'One Slack user is one person: give it to one of them, or join the two.',
    })),
    ...repeats(aliases('email', mailboxOf)).map(({ path, before }) => ({
      path,
      message: `${before} has this e-mail address too; capitals and what follows a + do not count.`,
      hint: 'One mailbox is one person: give it to one of them, or join the two.',
    })),
  ];
};

/** `Alice+aws@example.com` arrives where `alice@example.com` does. */
const mailboxOf = (email: string): string => email.toLowerCase().replace(/\+[^@]*@/, '@');

const accountProblems = (document: PolicyDocument): Located[] => {
  const accounts = Object.entries(document.accounts);
  const ids = accounts.map(([owner, { id }]) => ({ path: ['accounts', owner, 'id'], same: id, owner }));
  const externalIds = accounts.flatMap(([owner, { externalId }]) =>
    externalId === undefined ? [] : [{ path: ['accounts', owner, 'externalId'], same: externalId, owner }],
  );
  const hubs = accounts.filter(([, { externalId }]) => externalId === undefined).map(([owner]) => owner);
  return [
    ...repeats(ids).map(({ path, before }) => ({
      path,
      message: `${before} has this id too.`,
      hint: 'List an account once.',
    })),
    ...repeats(externalIds).map(({ path, before }) => ({
      path,
      message: `${before} has this external id too.`,
      hint: 'Give each account an external id of its own, so that one cannot stand in for the other.',
    })),
    ...hubs.slice(1).map((owner) => ({
      path: ['accounts', owner],
      message: `${owner} has no externalId, and ${hubs[0]} has none either.`,
      hint: 'Only the hub, where Daypass runs, goes without one.',
    })),
  ];
};

const entitlementProblems = (document: PolicyDocument, id: string): Located[] => {
  const entitlement = document.entitlements[id];
  if (entitlement === undefined) return [];
  const at = ['entitlements', id];
  return [
    ...unknownName('account', entitlement.account, Object.keys(document.accounts), [...at, 'account']),
    ...durationProblems(entitlement.duration, [...at, 'duration']),
    ...approvalProblems(document, entitlement, [...at, 'approval']),
    ...repeatedTags(entitlement.tags ?? {}, [...at, 'tags']),
  ];
};

type Written = PolicyDocument['entitlements'][string];

const durationProblems = (duration: Written['duration'], at: Path): Located[] => {
  const {
    min,
    default: usual,
    max,
  } = { min: secondsOf(duration.min), default: secondsOf(duration.default), max: secondsOf(duration.max) };
  if (max < min) {
    const message = `The longest, ${durationInWords(max)}, is shorter than the shortest, ${durationInWords(min)}.`;
    return [{ path: [...at, 'max'], message, hint: 'Raise max or lower min.' }];
  }
  if (usual >= min && usual <= max) return [];
  const message = `The default, ${durationInWords(usual)}, is outside ${durationInWords(min)} to ${durationInWords(max)}.`;
  return [{ path: [...at, 'default'], message, hint: 'Choose one between min and max.' }];
};

const approvalProblems = (document: PolicyDocument, { approval, mayAsk }: Written, at: Path): Located[] => {
  if (approval === 'none' || approval.of.some((group) => document.groups[group] === undefined)) return [];
  const members = (groups: readonly string[]) => new Set(groups.flatMap((group) => document.groups[group] ?? []));
  const empty = approval.of.filter((group) => document.groups[group]?.length === 0);
  if (empty.length > 0) {
    return [
      { path: [...at, 'of'], message: `Nobody is in ${allOf(empty)}.`, hint: 'Add people to it, or leave it out.' },
    ];
  }
  const approvers = members(approval.of);
  const askers = members(mayAsk);
  const needs = `It takes ${peopleOf(approval.count, approval.of)}`;
  if (approvers.size < approval.count) {
    const message = `${needs}, where there ${approvers.size === 1 ? 'is' : 'are'} only ${approvers.size}.`;
    return [{ path: [...at, 'count'], message, hint: 'Add people to the group, or lower count.' }];
  }
  const canBeApproved = (asker: string) => approvers.size - (approvers.has(asker) ? 1 : 0) >= approval.count;
  if (askers.size === 0 || [...askers].some(canBeApproved)) return [];
  const message = `${needs}, and nobody approves their own request: nobody who may ask could get it.`;
  return [{ path: [...at, 'count'], message, hint: 'Add people to the group, or lower count.' }];
};

/** STS takes tag keys that differ in capitals only for one key, and refuses the call. */
const repeatedTags = (tags: Readonly<Record<string, string>>, at: Path): Located[] => {
  const keys = Object.keys(tags);
  const repeated = repeats(keys.map((key) => ({ path: [...at, key], same: key.toLowerCase(), owner: key })));
  const most = 40;
  return [
    ...repeated.map(({ path, before }) => ({
      path,
      message: `${before} is the same tag key to STS.`,
      hint: 'Remove one of them.',
    })),
    ...(keys.length > most
      ? [{ path: at, message: `There are ${keys.length} tags; at most ${most} fit.`, hint: 'Remove some.' }]
      : []),
  ];
};

const ticketProblems = ({ requests }: PolicyDocument): Located[] => {
  const message = requests.ticketPattern === undefined ? undefined : ticketPatternProblem(requests.ticketPattern);
  if (message === undefined) return [];
  return [{ path: ['requests', 'ticketPattern'], message, hint: "Keep it simple, like '[A-Z]{2,10}-\\d{1,8}'." }];
};
