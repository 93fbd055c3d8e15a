import { createAlertStore } from '#adapters/aws/alert-store.ts';
import { createLockdownStore } from '#adapters/aws/lockdown-store.ts';
import { createLoginStore } from '#adapters/aws/login-store.ts';
import { createOutbox } from '#adapters/aws/outbox.ts';
import { type InForce, sameScope } from '#core/lockdown/lockdown.ts';
import { scopeNamed } from '#core/lockdown/name-scope.ts';
import { scopeWords, typedScope } from '#core/lockdown/words.ts';
import type { Policy } from '#core/policy/policy.ts';
import { busName } from '#deploy/hub/names.ts';
import { liftLockdownByAws } from '#usecases/lockdown/lift-by-aws.ts';
import { type Context, plain, succeed } from '../context.ts';
import { clientsFor, identityOf } from '../doctor/access.ts';
import { awsFilesIn, type DoctorOptions, type Installation, installationOf } from '../doctor/installation.ts';
import { exits, Failure, usage } from '../failure.ts';

type Options = DoctorOptions & { reason?: string };

const policyOf = ({ read }: Installation): Policy => {
  if (read.ok) return read.policy;
  throw new Failure(exits.unexpected, 'policy-unusable', 'The access policy cannot be used.', 'Validate it first.');
};

/** Of a person who has left the policy there is only the id. */
const lockdownNamed = (policy: Policy, inForce: readonly InForce[], kind: string, name: string): InForce => {
  const scope = scopeNamed(policy, kind, name);
  const wanted = scope.ok ? scope.value : ({ kind: 'person', personId: name } as const);
  const found = inForce.find((lockdown) => sameScope(lockdown.scope, wanted));
  if (found) return found;
  const all = inForce.map((lockdown) => typedScope(policy, lockdown.scope));
  throw new Failure(
    exits.notFound,
    'not-locked-down',
    `${plain(kind)} ${plain(name)} is not locked down.`,
    all.length === 0 ? 'Nothing is.' : `Locked down: ${all.map(plain).join('; ')}.`,
  );
};

/**
 * Lifts a lockdown with AWS credentials of the hub, for when nobody is left whom Daypass would let. IAM decides who
 * may; it is audited under their ARN and alerts.
 */
export const run = async (context: Context, kind: string, name: string, options: Options): Promise<void> => {
  if (options.local !== undefined) {
    // The SDKs read these from the process and from nowhere else.
    Object.assign(process.env, awsFilesIn(options.local === true ? '.daypass' : options.local));
  }
  const { reason } = options;
  if (reason === undefined) throw usage('Say why.', 'For example --reason "Bob and Carol locked each other out".');
  const installation = await installationOf(context, options);
  const { region, clock, targets } = installation;
  const policy = policyOf(installation);
  const access = targets.find(({ isHub }) => isHub)?.access ?? {};
  const clients = clientsFor(access, region);
  try {
    const { accountId, arn } = await identityOf(clients, clock.nowMs, context.signal);
    const hubId = policy.accounts.find(({ externalId }) => externalId === undefined)?.id;
    if (accountId !== hubId) {
      throw new Failure(
        exits.denied,
        'not-the-hub',
        `These credentials are of the account ${accountId}, and the hub is ${hubId}.`,
        'Name a profile of the hub: --profile hub=PROFILE.',
      );
    }
    const lockdowns = createLockdownStore(clients.table);
    const log = { info: () => {}, warn: context.say, error: context.say };
    const outbox = createOutbox(clients.table, { name: busName, config: { region, ...access } }, log, clock);
    const { id, scope } = lockdownNamed(policy, (await lockdowns.register()).lockdowns, kind, name);
    const outcome = await liftLockdownByAws(
      { lockdownId: id, arn, reason },
      {
        clock,
        log,
        policy: { current: async () => policy },
        lockdowns,
        logins: createLoginStore(clients.table),
        alerts: createAlertStore(clients.table),
        outbox,
      },
    );
    if (!outcome.ok) throw new Failure(exits.unexpected, outcome.refusal.code, outcome.refusal.message, '');
    succeed(context, { id, liftedBy: arn }, [
      `The lockdown of ${plain(scopeWords(policy, scope))} is lifted, in the name of ${plain(arn)}. The alerts channel is told.`,
    ]);
  } finally {
    for (const client of [clients.iam, clients.sts]) client.destroy();
  }
};
