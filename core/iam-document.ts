import { clip } from '#core/clip.ts';
import { canonicalJson } from './canonical-json.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** IAM takes one text for a list of one, and no order means anything. */
const asSet = (value: unknown): readonly string[] => [...new Set(listOf(value).map(String))].sort();

const values = (value: unknown): unknown =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, values(member)]))
    : asSet(value);

/** What a statement says, however it is written. The name of a statement says nothing. */
export const meaningOf = (statement: unknown): string =>
  isObject(statement)
    ? canonicalJson(
        Object.fromEntries(
          Object.entries(statement)
            .filter(([member]) => member !== 'Sid')
            .map(([member, value]) => [member, values(value)]),
        ),
      )
    : canonicalJson(statement);

/** The statements of a policy document; none of what is no document. */
export const statementsOf = (document: unknown): readonly Json[] =>
  isObject(document) ? listOf(document.Statement).filter(isObject) : [];

/** Reads JSON; undefined where it is none. */
export const parsedDocument = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

export type Difference = { missing: readonly Json[]; added: readonly Json[] };

/** Which statements one document has and the other has not, whatever their order and spelling. */
export const differenceOf = (wanted: unknown, actual: unknown): Difference => {
  const [ours, theirs] = [statementsOf(wanted), statementsOf(actual)];
  const [has, should] = [new Set(theirs.map(meaningOf)), new Set(ours.map(meaningOf))];
  return {
    missing: ours.filter((statement) => !has.has(meaningOf(statement))),
    added: theirs.filter((statement) => !should.has(meaningOf(statement))),
  };
};

export const isSame = ({ missing, added }: Difference): boolean => missing.length === 0 && added.length === 0;

/** The values with which one condition key is compared, by whichever operator. */
export const conditionValues = (statement: Json, key: string): readonly string[] =>
  Object.entries(isObject(statement.Condition) ? statement.Condition : {}).flatMap(([operatorName, operator]) =>
    isObject(operator) && operatorName !== 'Null'
      ? Object.entries(operator).flatMap(([name, value]) =>
          name.toLowerCase() === key.toLowerCase() ? asSet(value) : [],
        )
      : [],
  );

const conditionKeys = ({ Condition }: Json): readonly string[] =>
  isObject(Condition)
    ? Object.values(Condition).flatMap((operator) => (isObject(operator) ? Object.keys(operator) : []))
    : [];

/** The condition keys that a statement should ask for, and that the one with the same actions in its place does not. */
export const lostConditions = ({ missing, added }: Difference): readonly string[] => {
  const actions = (statement: Json): string => canonicalJson(asSet(statement.Action));
  return [
    ...new Set(
      missing.flatMap((wanted) => {
        const inPlace = added.filter((statement) => actions(statement) === actions(wanted));
        if (inPlace.length === 0) return [];
        return conditionKeys(wanted).filter((key) =>
          inPlace.some((statement) => !conditionKeys(statement).includes(key)),
        );
      }),
    ),
  ];
};

/** Whoever a trust statement names, of any kind. */
export const principalsOf = ({ Principal }: Json): readonly string[] =>
  isObject(Principal) ? Object.values(Principal).flatMap(asSet) : asSet(Principal);

/** External ids are shown once, when they are made. */
const covered = (key: string, value: unknown): unknown => (key === 'sts:ExternalId' ? '(not shown)' : value);

const longestShown = 400;

/** A statement in a line, for a person. */
export const shortly = (statement: Json): string => {
  return clip(JSON.stringify(statement, covered), longestShown);
};
