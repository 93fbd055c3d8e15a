import { createLedgerStore } from '#adapters/aws/ledger-store.ts';
import { createRequestStore } from '#adapters/aws/request-store.ts';
import { createSessionStore } from '#adapters/aws/session-store.ts';
import { roleArnOf, roleOf } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { longestMintMs } from '#core/grant/session.ts';
import { denyDocument, denyPolicyName, sameDocument } from '#core/ledger/document.ts';
import { deniedBefore, type Ledger, type LedgerEntry, type Watermark } from '#core/ledger/ledger.ts';
import type { LiveRequest } from '#core/request/request.ts';
import { type Context, plain, succeed } from '../context.ts';
import { clientsFor } from '../doctor/access.ts';
import { roleFacts } from '../doctor/facts/roles.ts';
import { awsFilesIn, type DoctorOptions, type Installation, installationOf } from '../doctor/installation.ts';
import { exits, Failure, usage } from '../failure.ts';
import { table, when } from '../show.ts';

/** `daypass-jit-orders-admin`, or its ARN where several accounts have one. */
const roleArnFor = (name: string, { read }: Installation): string => {
  if (!read.ok) {
    throw new Failure(
      exits.unexpected,
      'policy-unusable',
      'The access policy cannot be used.',
      `Run \`${commandName} policy validate\`.`,
    );
  }
  const known = [...new Set(read.policy.entitlements.map(roleArnOf))];
  const found = known.filter((arn) => arn === name || arn.endsWith(`/${name}`));
  const [arn, ...others] = found;
  if (arn !== undefined && others.length === 0) return arn;
  throw arn === undefined
    ? new Failure(
        exits.notFound,
        'no-such-role',
        `The access policy lends no role ${name}.`,
        `It lends ${known.join(', ')}.`,
      )
    : usage(`Several accounts have a role ${name}.`, `Say which by its ARN: ${found.join(', ')}.`);
};

const accessOf = (accountId: string, { targets }: Installation) => {
  const target = targets.find(({ id }) => id === accountId);
  if (target?.access) return target.access;
  const name = target?.name ?? accountId;
  throw new Failure(
    exits.usage,
    'no-profile',
    `There is no AWS profile for ${name}.`,
    `Name one: --profile ${name}=PROFILE.`,
  );
};

/** Everything that is known of the role's revocations; nothing is changed. */
const lookAt = async (roleArn: string, installation: Installation, context: Context) => {
  const { region, clock, targets } = installation;
  const { accountId, roleName } = roleOf(roleArn);
  const hub = clientsFor(accessOf(targets.find(({ isHub }) => isHub)?.id ?? '', installation), region);
  const account = clientsFor(accessOf(accountId, installation), region);
  try {
    const [ledger, waiting, active, facts] = await Promise.all([
      createLedgerStore(hub.table, clock).get(roleArn),
      createLedgerStore(hub.table, clock).proposed(roleArn),
      createRequestStore(hub.table).withStatus('active'),
      roleFacts(account.iam, roleName, context.signal),
    ]);
    const nowMs = clock.nowMs();
    const sessionsOf = async ({ id, personId, sessions: embedded = [] }: LiveRequest) => {
      const theirs = await createSessionStore(hub.table).ofPerson(personId, nowMs - longestMintMs);
      return [...embedded, ...theirs.filter(({ requestId }) => requestId === id)];
    };
    const document = facts?.inline[denyPolicyName];
    const live = active
      .filter((request): request is LiveRequest => request.status === 'active' && roleArnOf(request) === roleArn)
      .map(async (request) => ({
        id: request.id,
        personId: request.personId,
        entitlementId: request.entitlementId,
        endsAt: request.grant.endsAt,
        sessions: (await sessionsOf(request)).filter(({ expiresBy }) => Date.parse(expiresBy) > nowMs),
      }));
    return {
      roleArn,
      roleExists: facts !== undefined,
      ledger,
      waiting,
      inForce: isInForce(ledger, document),
      document,
      live: await Promise.all(live),
    };
  } finally {
    for (const { iam, sts } of [hub, account]) for (const client of [iam, sts]) client.destroy();
  }
};

/** By what the role shows now. */
const isInForce = (ledger: Ledger, document: string | undefined): boolean => {
  try {
    return ledger.appliedVersion >= ledger.entriesVersion && sameDocument(denyDocument(ledger, document), document);
  } catch {
    return false;
  }
};

type Seen = Awaited<ReturnType<typeof lookAt>>;

const subject = (entry: LedgerEntry): string => {
  if ('grantId' in entry) return `grant ${entry.grantId}`;
  if ('everyOf' in entry) return `every session of ${plain(entry.everyOf)}`;
  return 'userId' in entry ? `session ${plain(entry.userId)}` : 'sessions without a grant';
};

const state = ({ roleExists, inForce, waiting }: Seen): string => {
  if (!roleExists) return 'The role is not there: no session of it can do anything.';
  if (inForce && waiting.length === 0) return 'What is revoked is denied.';
  return `NOT IN FORCE: ${waiting.length} revocations wait, or the deny was changed. It is tried again until it holds; docs/runbook.md#revocation-failed.`;
};

const why = ({ cause }: Watermark): string => {
  if (cause?.kind === 'panic') return `, by ${plain(cause.by)}`;
  if (cause?.kind === 'alert') return ', since an alert had more sessions than it could name';
  return cause?.kind === 'console' ? ', by somebody in its account' : ', because the entries ran over';
};

const lines = (seen: Seen, nowMs: number): string[] => {
  const { roleArn, ledger, document, live, waiting } = seen;
  const { watermark, restored } = ledger;
  const revoked = [...ledger.entries, ...waiting].map((entry) => [
    subject(entry),
    when(entry.revokedAt, nowMs),
    when(entry.coversUntil, nowMs),
  ]);
  return [
    roleArn,
    state(seen),
    `Ledger: version ${ledger.version}, revocations ${ledger.entriesVersion}, read back ${ledger.appliedVersion}.`,
    ...(watermark
      ? [`Every session issued before ${when(deniedBefore(watermark), nowMs)} is denied${why(watermark)}.`]
      : []),
    ...(restored
      ? [`Put back ${restored.count} times after others had changed it, last ${when(restored.at, nowMs)}.`]
      : []),
    '',
    ...(revoked.length > 0 ? table(['REVOKED', 'SINCE', 'COUNTS UNTIL'], revoked) : ['Nothing is revoked at present.']),
    '',
    ...(live.length > 0
      ? table(
          ['LIVE GRANT', 'WHO', 'ENTITLEMENT', 'SESSIONS', 'ENDS'],
          live.map(({ id, personId, entitlementId, sessions, endsAt }) => [
            id,
            plain(personId),
            entitlementId,
            String(sessions.length),
            when(endsAt, nowMs),
          ]),
        )
      : ['There is no live grant.']),
    '',
    document === undefined ? `The role has no ${denyPolicyName}.` : `${denyPolicyName}: ${plain(document)}`,
  ];
};

/**
 * Prints what is revoked on a role, the policy that denies it, and what lives. Ends with 1 where that is not in force.
 */
export const run = async (
  context: Context,
  name: string,
  options: DoctorOptions,
  finish: (code: number) => void,
): Promise<void> => {
  if (options.local !== undefined) {
    // The SDKs read these from the process and from nowhere else.
    Object.assign(process.env, awsFilesIn(options.local === true ? '.daypass' : options.local));
  }
  const installation = await installationOf(context, options);
  const seen = await lookAt(roleArnFor(name, installation), installation, context);
  succeed(context, { ...seen, document: seen.document ?? null }, lines(seen, context.clock.nowMs()));
  if (seen.roleExists && (!seen.inForce || seen.waiting.length > 0)) finish(exits.unexpected);
};
