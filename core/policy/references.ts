import { durationInWords } from '#core/duration.ts';
import { chainingProblems, chainingWarnings } from './chaining.ts';
import { closestTo } from './did-you-mean.ts';
import type { PolicyDocument } from './document.ts';
import { accountProblems, sharedAliases } from './duplicates.ts';
import type { Located } from './issues.ts';
import { secondsOf } from './resolve.ts';
import { allOf, peopleOf } from './sentences.ts';
import type { Path } from './source-text.ts';
import { tagProblems } from './tags.ts';
import { ticketPatternProblem } from './ticket.ts';
import { weakerProblems, weakerWarnings } from './weaker.ts';

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
  ...reservedPeople(document),
  ...accountProblems(document),
  ...Object.keys(document.entitlements).flatMap((id) => entitlementProblems(document, id)),
  ...weakerProblems(document),
  ...ticketProblems(document),
];

/** The audit says `daypass` of what nobody did: it must not be anybody's name there. */
const reservedPeople = ({ people }: PolicyDocument): readonly Located[] =>
  Object.hasOwn(people, 'daypass')
    ? [
        {
          path: ['people', 'daypass'],
          message: 'Nobody can have the id daypass: the audit says it of what no person did.',
          hint: 'Choose another id.',
        },
      ]
    : [];

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
    ...named(document.mayLockDown ?? [], 'mayLockDown'),
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

const entitlementProblems = (document: PolicyDocument, id: string): Located[] => {
  const entitlement = document.entitlements[id];
  if (entitlement === undefined) return [];
  const at = ['entitlements', id];
  return [
    ...unknownName('account', entitlement.account, Object.keys(document.accounts), [...at, 'account']),
    ...inHub(document, id, [...at, 'account']),
    ...durationProblems(entitlement.duration, [...at, 'duration']),
    ...tagProblems(entitlement, [...at, 'tags']),
    ...chainingProblems(document, entitlement, [...at, 'chaining']),
  ];
};

type Written = PolicyDocument['entitlements'][string];

/** The hub trusts itself by no external id and is never onboarded: what is lent there could be asked for, never had. */
const inHub = (document: PolicyDocument, id: string, path: Path): Located[] => {
  const name = document.entitlements[id]?.account ?? '';
  const account = Object.hasOwn(document.accounts, name) ? document.accounts[name] : undefined;
  if (account === undefined || account.externalId !== undefined) return [];
  const message = `${name} is the hub, where Daypass runs, and it lends no roles there: ${id} could never be had.`;
  return [{ path, message, hint: 'Lend a role of another account. One that is not the hub has an externalId.' }];
};

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

const membersOf = (document: PolicyDocument, groups: readonly string[]): ReadonlySet<string> =>
  new Set(groups.flatMap((group) => document.groups[group] ?? []));

/** What is legal and probably not meant. None of it lets anybody do more. */
export const referenceWarnings = (document: PolicyDocument): readonly Located[] => {
  const used = new Set(groupReferences(document).map(({ group }) => group));
  const unused = Object.keys(document.groups).filter((group) => !used.has(group));
  return [
    ...unused.map((group) => ({
      path: ['groups', group],
      message: `No rule names the group ${group}.`,
      hint: 'Remove it, or name it in a rule.',
    })),
    ...Object.entries(document.entitlements).flatMap(([id, written]) => {
      const thin = thinApproval(document, written, ['entitlements', id, 'approval']);
      const chains = chainingWarnings(written, ['entitlements', id, 'chaining']);
      return [...chains, ...(thin.length > 0 ? thin : unreachable(document, id, written))];
    }),
    ...weakerWarnings(document),
    ...thinLockdown(document),
  ];
};

/** Whoever is locked down cannot lift anything, so one alone could lock everybody out. */
const thinLockdown = (document: PolicyDocument): Located[] => {
  const groups = document.mayLockDown;
  if (groups === undefined || membersOf(document, groups).size > 1) return [];
  const there = membersOf(document, groups).size === 0 ? 'Nobody' : 'Only one person';
  const message = `${there} may lock down; it takes a second one to lift the lockdown of the first.`;
  return [{ path: ['mayLockDown'], message, hint: 'Name a group with at least two people.' }];
};

/**
 * Only warnings, as below: taking an approver out must take effect at once. Nobody gets what takes more approvers than
 * there are: the evaluator refuses.
 */
const thinApproval = (document: PolicyDocument, { approval }: Written, at: Path): Located[] => {
  if (approval === 'none' || approval.of.some((group) => !Object.hasOwn(document.groups, group))) return [];
  const empty = approval.of.filter((group) => document.groups[group]?.length === 0);
  if (empty.length > 0) {
    const hint = 'Add people to it, or leave it out.';
    return [{ path: [...at, 'of'], message: `Nobody is in ${allOf(empty)}.`, hint }];
  }
  const there = membersOf(document, approval.of).size;
  if (there >= approval.count) return [];
  const message = `It takes ${peopleOf(approval.count, approval.of)}, where there ${there === 1 ? 'is' : 'are'} only ${there}.`;
  return [{ path: [...at, 'count'], message, hint: 'Add people to the group, or lower count.' }];
};

/** Only a warning: taking the last asker out of a group must take effect, and not leave the old policy in force. */
const unreachable = (document: PolicyDocument, id: string, { approval, mayAsk }: Written): Located[] => {
  const askers = membersOf(document, mayAsk);
  if (askers.size === 0) {
    return [
      { path: ['entitlements', id, 'mayAsk'], message: `Nobody may ask for ${id}.`, hint: 'Name a group with people.' },
    ];
  }
  if (approval === 'none') return [];
  const approvers = membersOf(document, approval.of);
  const others = (asker: string) => approvers.size - (approvers.has(asker) ? 1 : 0);
  if ([...askers].some((asker) => others(asker) >= approval.count)) return [];
  const message = `Nobody approves their own request, so none of those who may ask for ${id} can get it.`;
  return [{ path: ['entitlements', id, 'approval'], message, hint: 'Add people to the group, or lower count.' }];
};

const ticketProblems = ({ requests }: PolicyDocument): Located[] => {
  const message = requests.ticketPattern === undefined ? undefined : ticketPatternProblem(requests.ticketPattern);
  if (message === undefined) return [];
  return [{ path: ['requests', 'ticketPattern'], message, hint: "Keep it simple, like '[A-Z]{2,10}-\\d{1,8}'." }];
};
