import type { PolicyDocument } from './document.ts';
import type { Located } from './issues.ts';
import { anyOf, peopleOf } from './sentences.ts';
import type { Path } from './source-text.ts';
import { type Way, type Written, waysToRoles } from './ways.ts';

/** Why one way takes less than the other: fewer people, or people of more groups, or more who need nobody. */
type Less = 'fewer' | 'wider';

const countOf = ({ approval }: Written): number => (approval === 'none' ? 0 : approval.count);

/** Whose say it is: who approves or, where nobody does, who takes it. */
const groupsOf = ({ approval, mayAsk }: Written): readonly string[] => (approval === 'none' ? mayAsk : approval.of);

const holdsMore = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size > other.size && [...other].every((member) => one.has(member));

/**
 * As the rules are written, whoever the people are: an edit of people or groups must never be refused for this, or
 * those whom it takes out would stay in.
 */
const less = (way: Written, than: Written): Less | undefined => {
  if (way.mayAsk.length === 0) return undefined;
  if (countOf(way) !== countOf(than)) return countOf(way) < countOf(than) ? 'fewer' : undefined;
  return holdsMore(new Set(groupsOf(way)), new Set(groupsOf(than))) ? 'wider' : undefined;
};

/** The same by who is in the groups at present. */
const lessByPeople = ({ groups }: PolicyDocument, way: Written, than: Written): Less | undefined => {
  const people = (written: Written) => new Set(groupsOf(written).flatMap((group) => groups[group] ?? []));
  return countOf(way) === countOf(than) && holdsMore(people(way), people(than)) ? 'wider' : undefined;
};

const takes = ({ approval, mayAsk }: Written): string =>
  approval === 'none'
    ? `no approval of anybody in ${anyOf(mayAsk) || 'no group'}`
    : peopleOf(approval.count, approval.of);

const pathOf = ({ id, into }: Way): Path =>
  into === undefined ? ['entitlements', id, 'approval'] : ['entitlements', id, 'chaining', 'into', into];

const told = (way: Way, than: Way): Located => {
  const how = way.into === undefined ? `${way.id} lends the role of` : `${way.id} goes on to the role of`;
  return {
    path: pathOf(way),
    message: `${how} ${than.id} for less: ${way.id} takes ${takes(way.written)}, and ${than.id} takes ${takes(than.written)}.`,
    hint: `Ask for as much here${way.into === undefined ? ', or lend another role' : ', or leave the role out'}; or state under ${way.id} why that may be, as acceptWeaker: <reason>.`,
    beside: { what: than.id, path: ['entitlements', than.id, 'approval'] },
  };
};

type Measure = (way: Written, than: Written) => Less | undefined;

/** Of each way the one comparison that says most: with the entitlement that takes the most. */
const weakerBy = (document: PolicyDocument, measure: Measure): readonly { way: Way; than: Way }[] =>
  waysToRoles(document).flatMap(({ lent, onward }) => {
    const strongestFirst = lent.toSorted((one, other) => countOf(other.written) - countOf(one.written));
    return [...lent, ...onward].flatMap((way) => {
      const than = strongestFirst.find((other) => other.id !== way.id && measure(way.written, other.written));
      return than === undefined ? [] : [{ way, than }];
    });
  });

/** Ways to a role that take less than another entitlement of the role, and no word that it is meant. */
export const weakerProblems = (document: PolicyDocument): Located[] =>
  weakerBy(document, less).flatMap(({ way, than }) =>
    way.written.acceptWeaker === undefined ? [told(way, than)] : [],
  );

/** What is weaker only by who is in the groups at present, and words for what is not weaker. */
export const weakerWarnings = (document: PolicyDocument): Located[] => {
  const byPeople = weakerBy(document, (way, than) => less(way, than) ?? lessByPeople(document, way, than));
  const weaker = new Set(byPeople.map(({ way }) => way.id));
  return [
    ...byPeople.flatMap(({ way, than }) => (way.written.acceptWeaker === undefined ? [told(way, than)] : [])),
    ...Object.entries(document.entitlements).flatMap(([id, { acceptWeaker }]) =>
      acceptWeaker === undefined || weaker.has(id)
        ? []
        : [
            {
              path: ['entitlements', id, 'acceptWeaker'],
              message: `${id} is no weaker way to a role than another entitlement.`,
              hint: 'Remove it: it would cover what becomes weaker later.',
            },
          ],
    ),
  ];
};
