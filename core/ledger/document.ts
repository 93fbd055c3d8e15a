import { canonicalJson } from '#core/canonical-json.ts';
import { grantTag } from '#core/grant/session-tags.ts';
import { latestOf, toIso } from '#core/instant.ts';
import { sha256 } from '#core/sha256.ts';
import { type Covered, deniedBefore, type LedgerEntry } from './entry.ts';
import { collapsed } from './overflow.ts';

/** The console's own name for the inline policy, so that operators recognise it. */
export const denyPolicyName = 'AWSRevokeOlderSessions';

/**
 * All inline policies of a role together, white space not counted:
 * docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const inlinePolicyBudget = 10_240;

type Statement = Readonly<Record<string, unknown>>;

const isOurs = ({ Sid }: Statement): boolean => /^Daypass/.test(String(Sid ?? ''));

const isEverything = (value: unknown): boolean => (Array.isArray(value) ? value : [value]).includes('*');

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

const asIso = (value: unknown): string | undefined => {
  const ms = typeof value === 'string' && instant.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : toIso(ms);
};

const memberNames = (value: unknown): string =>
  typeof value === 'object' && value !== null ? Object.keys(value).sort().join() : '';

/**
 * Until which time of issue others deny every session by this statement, as the console's button words it; undefined
 * for whatever else a statement can say: docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
const roleWideBefore = (statement: Statement): string | undefined => {
  const { Sid: _, ...said } = statement;
  const { DateLessThan } = (said.Condition ?? {}) as { DateLessThan?: Readonly<Record<string, unknown>> };
  const isButton =
    !isOurs(statement) &&
    memberNames(said) === 'Action,Condition,Effect,Resource' &&
    memberNames(said.Condition) === 'DateLessThan' &&
    memberNames(DateLessThan) === 'aws:TokenIssueTime' &&
    said.Effect === 'Deny' &&
    isEverything(said.Action) &&
    isEverything(said.Resource);
  return isButton ? asIso(DateLessThan?.['aws:TokenIssueTime']) : undefined;
};

const roleWideIn = (statements: readonly Statement[]): string =>
  latestOf(statements.flatMap((statement) => roleWideBefore(statement) ?? []));

const deny = (sid: string, issuedBefore: string, who: Readonly<Record<string, unknown>> = {}): Statement => ({
  Sid: sid,
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { ...who, DateLessThan: { 'aws:TokenIssueTime': issuedBefore } },
});

/** Those that are denied up to the same instant, in the order in which such an instant first comes. */
const byTime = <E extends LedgerEntry>(entries: readonly E[]): readonly (readonly [string, readonly E[]])[] => {
  const groups = new Map<string, E[]>();
  for (const entry of entries) groups.set(deniedBefore(entry), [...(groups.get(deniedBefore(entry)) ?? []), entry]);
  return [...groups];
};

const oneOrMore = (values: readonly string[]): string | readonly string[] => {
  const [only, ...others] = values;
  return only !== undefined && others.length === 0 ? only : [...values].sort();
};

/**
 * A revoked grant never mints again, so one statement serves all of them, and its time is when the last of their
 * sessions is dead: whatever clock a session was issued by, ours behind it or STS answering late, it was issued before
 * that. A session without a grant is denied up to its own time, because its `aws:userid` could be somebody else's later
 * on. What others deny to the whole role already, up to `roleWide`, is not said twice.
 */
const ourStatements = ({ entries, watermark }: Covered, roleWide: string): Statement[] => {
  const grants = entries.filter((entry) => 'grantId' in entry);
  const sessions = entries.filter((entry) => 'userId' in entry);
  const people = entries.filter((entry) => 'everyOf' in entry);
  const ungranted = entries.filter((entry) => 'ungranted' in entry);
  return [
    ...(watermark && deniedBefore(watermark) > roleWide ? [deny('DaypassEverySession', deniedBefore(watermark))] : []),
    ...(grants.length > 0
      ? [
          deny('DaypassGrants', latestOf(grants.map(({ coversUntil }) => coversUntil)), {
            StringEquals: { [`aws:PrincipalTag/${grantTag}`]: grants.map((entry) => entry.grantId).sort() },
          }),
        ]
      : []),
    ...byTime(sessions).map(([issuedBefore, some], index) =>
      deny(`DaypassSession${index + 1}`, issuedBefore, {
        StringEquals: { 'aws:userid': oneOrMore(some.map(({ userId }) => userId)) },
      }),
    ),
    ...byTime(people).map(([issuedBefore, some], index) =>
      deny(`DaypassPeople${index + 1}`, issuedBefore, {
        StringEquals: { 'aws:SourceIdentity': oneOrMore(some.map(({ everyOf }) => everyOf)) },
      }),
    ),
    ...ungranted.map((entry) =>
      deny('DaypassUngranted', deniedBefore(entry), { Null: { [`aws:PrincipalTag/${grantTag}`]: 'true' } }),
    ),
  ];
};

/** Takes the place of what has left: the revoker may not delete the policy, and IAM takes none without a statement. */
const denyNobody = deny('DaypassNobody', '1970-01-01T00:00:00.000Z');

const statementsIn = (existing: string | undefined): Statement[] => {
  if (existing === undefined) return [];
  const { Statement: found } = JSON.parse(existing) as { Statement?: Statement | Statement[] };
  return found === undefined ? [] : Array.isArray(found) ? found : [found];
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** How many values the statement's `StringEquals` names. */
const namedIn = ({ Condition }: Statement): number => {
  const { StringEquals = {} } = (Condition ?? {}) as { StringEquals?: Readonly<Record<string, unknown>> };
  return Object.values(StringEquals).flat().length;
};

/** Whom the document denies, for people: the end of a sentence. */
export const whomItDenies = (document: string | undefined): string => {
  const statements = statementsIn(document).filter(({ Effect, Sid }) => Effect === 'Deny' && Sid !== denyNobody.Sid);
  const by = (sid: RegExp): Statement[] => statements.filter((statement) => sid.test(String(statement.Sid ?? '')));
  const named = (sid: RegExp): number => by(sid).reduce((sum, statement) => sum + namedIn(statement), 0);
  const [grants, sessions, others] = [named(/^DaypassGrants/), named(/^DaypassSession\d/), by(/^(?!Daypass)/).length];
  const whom = [
    ...(by(/^DaypassEverySession$/).length > 0 ? ['every session of before'] : []),
    ...(grants > 0 ? [counted(grants, 'grant')] : []),
    ...(sessions > 0 ? [counted(sessions, 'session')] : []),
    ...(by(/^DaypassUngranted/).length > 0 ? ['sessions without a grant'] : []),
    ...(others > 0 ? [`whom ${counted(others, 'statement')} of others names`] : []),
  ];
  return whom.join(', ') || 'nobody';
};

/** Whether Daypass wrote something of it that denies somebody. */
export const holdsOurDeny = (existing: string | undefined): boolean =>
  statementsIn(existing).some((statement) => isOurs(statement) && statement.Sid !== denyNobody.Sid);

/**
 * Everything that stands there: what is revoked, then the denials of others (the console's button, an operator), kept
 * to the letter, so that no time which a person set is lowered. What somebody put there to allow something is not kept.
 */
const statementsFor = (ledger: Covered, existing: string | undefined): Statement[] => {
  const found = statementsIn(existing);
  const theirs = found.filter((statement) => statement.Effect === 'Deny' && !isOurs(statement));
  const statements = [...ourStatements(ledger, roleWideIn(theirs)), ...theirs];
  return statements.length === 0 && found.length > 0 ? [denyNobody] : statements;
};

const render = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/** Whether the ledger's document and what others wrote fit into `budget` characters as they are. */
export const fits = (ledger: Covered, existing: string | undefined, budget: number): boolean =>
  render(statementsFor(ledger, existing)).length <= budget;

/**
 * The deny policy that puts `ledger` in force beside what others wrote, as JSON; undefined when there is nothing to
 * deny. `budget` is what of the role's inline policy space is left for it. Throws a RangeError where others left no
 * room at all.
 */
export const denyDocument = (
  ledger: Covered,
  existing: string | undefined,
  budget: number = inlinePolicyBudget,
): string | undefined => {
  const statements = statementsFor(ledger, existing);
  if (statements.length === 0) return undefined;
  const document = render(statements);
  if (document.length <= budget) return document;
  if (ledger.entries.length === 0) throw new RangeError('The statements of others leave no room for the deny policy.');
  return denyDocument(collapsed(ledger), existing, budget);
};

/** Whether a policy denies what the ledger is to deny and nothing else of ours. False for a text that is no policy. */
export const saysAll = (ledger: Covered, document: string): boolean => {
  try {
    return sameDocument(denyDocument(ledger, document), document);
  } catch {
    return false;
  }
};

/** Whether two documents say the same, whatever their spacing and order of members. */
export const sameDocument = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b)));

/** The same for two documents that say the same. */
export const digestOf = (document: string | undefined): string =>
  document === undefined ? 'none' : sha256(canonicalJson(JSON.parse(document)));

/** Whether a policy holds Deny statements and nothing else. False for a text that is no policy. */
export const onlyDenies = (document: string): boolean => {
  try {
    return statementsIn(document).every((statement) => statement.Effect === 'Deny');
  } catch {
    return false;
  }
};

/**
 * Until which time of issue others deny every session by it, as the console's button does. Undefined for a text that is
 * no policy.
 */
export const revokesBefore = (document: string): string | undefined => {
  try {
    return roleWideIn(statementsIn(document)) || undefined;
  } catch {
    return undefined;
  }
};
