import { canonicalJson } from '#core/canonical-json.ts';
import { grantTag } from '#core/session-tags.ts';
import { collapsed, type Ledger, newestRevocation } from './ledger.ts';

/** The console's own name for the inline policy, so that operators recognise it. */
export const denyPolicyName = 'AWSRevokeOlderSessions';

/** All inline policies of a role together, white space not counted: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const inlinePolicyBudget = 10_240;

/**
 * A revocation covers sessions issued up to this long after it, as the console's button does, because IAM takes a while
 * to carry the policy everywhere: docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
const aheadMs = 30_000;

type Statement = Readonly<Record<string, unknown>>;

const ourSid = /^Daypass/;

const before = (revokedAt: string): string => new Date(Date.parse(revokedAt) + aheadMs).toISOString();

const deny = (sid: string, issuedBefore: string, who: Readonly<Record<string, unknown>> = {}): Statement => ({
  Sid: sid,
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { ...who, DateLessThan: { 'aws:TokenIssueTime': issuedBefore } },
});

/**
 * A revoked grant never mints again, so one statement with the newest time serves all of them. A session without a
 * grant gets its own, because its `aws:userid` could be somebody else's later on.
 */
const ourStatements = ({ entries, watermark }: Pick<Ledger, 'entries' | 'watermark'>): Statement[] => {
  const grants = entries.filter((entry) => 'grantId' in entry);
  const sessions = entries.filter((entry) => 'userId' in entry);
  const ungranted = entries.filter((entry) => 'ungranted' in entry);
  return [
    ...(watermark ? [deny('DaypassEverySession', before(watermark.revokedAt))] : []),
    ...(grants.length > 0
      ? [
          deny('DaypassGrants', before(newestRevocation(grants)), {
            StringEquals: { [`aws:PrincipalTag/${grantTag}`]: grants.map((entry) => entry.grantId).sort() },
          }),
        ]
      : []),
    ...sessions.map((entry, index) =>
      deny(`DaypassSession${index + 1}`, before(entry.revokedAt), { StringEquals: { 'aws:userid': entry.userId } }),
    ),
    ...ungranted.map((entry) =>
      deny('DaypassUngranted', before(entry.revokedAt), { Null: { [`aws:PrincipalTag/${grantTag}`]: 'true' } }),
    ),
  ];
};

/** The denials that somebody else put there (the console's button, an operator): kept as they are. What allows is not. */
const foreignStatements = (existing: string | undefined): Statement[] => {
  if (existing === undefined) return [];
  const { Statement: found } = JSON.parse(existing) as { Statement?: Statement | Statement[] };
  const all = found === undefined ? [] : Array.isArray(found) ? found : [found];
  return all.filter((statement) => statement.Effect === 'Deny' && !ourSid.test(String(statement.Sid ?? '')));
};

const render = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

/**
 * The deny policy that puts `ledger` in force beside what others wrote, as JSON; undefined when there is nothing to deny.
 * `budget` is what of the role's inline policy space is left for it.
 */
export const denyDocument = (
  ledger: Pick<Ledger, 'entries' | 'watermark'>,
  existing: string | undefined,
  budget: number = inlinePolicyBudget,
): string | undefined => {
  const statements = [...ourStatements(ledger), ...foreignStatements(existing)];
  if (statements.length === 0) return undefined;
  const document = render(statements);
  if (document.length <= budget) return document;
  if (ledger.entries.length === 0) throw new RangeError('The statements of others leave no room for the deny policy.');
  return denyDocument(collapsed(ledger), existing, budget);
};

/** Whether two documents say the same, whatever their spacing and order of members. */
export const sameDocument = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b)));
