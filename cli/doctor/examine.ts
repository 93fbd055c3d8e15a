import { targetsOf } from '#deploy/onboarding/plan.ts';
import { clientsFor, identityOf, type Reached } from './access.ts';
import { canaryCheck } from './canary.ts';
import { judgeHealth, judgeSeenFrom } from './checks/api.ts';
import { judgeClock } from './checks/clock.ts';
import { judgeDeployed, judgePolicy } from './checks/policy.ts';
import { healthOf } from './facts/http.ts';
import type { Installation, Target } from './installation.ts';
import { hubChecks, targetChecks } from './look-at-accounts.ts';
import { recordsCheck } from './look-at-records.ts';
import type { Events } from './look-at-rules.ts';
import { slackChecks } from './look-at-slack.ts';
import { type Check, check, failure, type Line, ok, warning } from './report.ts';
import { runChecks } from './run-checks.ts';
import { slackSecrets } from './slack-secrets.ts';

type Reaching = { check: Check; reached: () => Reached | undefined };

/** Looks whose credentials they are; nothing more is looked at with the wrong ones. */
const reach = ({ name, id, isHub, access }: Target, { region, clock }: Installation): Reaching => {
  let reached: Reached | undefined;
  const title = `${name} credentials`;
  const again = `Name another profile: --profile ${name}=PROFILE.`;
  const look: Check['look'] = async (signal) => {
    if (!access) {
      const todo = `Add a profile ${name}-admin to your AWS configuration, or name one: --profile ${name}=PROFILE.`;
      return [{ area: 'accounts', title, ...warning('Not looked at: there is no AWS profile for it.', todo) }];
    }
    const clients = clientsFor(access, region);
    const { accountId, arn, told } = await identityOf(clients, clock.nowMs, signal);
    const clockLine: Line = { area: 'clock', title: `AWS (${name})`, ...judgeClock('AWS', told) };
    if (id !== undefined && accountId !== id) {
      const found = `They are of account ${accountId}, and ${name} is ${id}.`;
      return [{ area: 'accounts', title, ...failure(found, again) }, clockLine];
    }
    reached = { name, id: accountId, isHub, clients };
    return [{ area: 'accounts', title, ...ok(arn) }, clockLine];
  };
  return { check: { area: 'accounts', title, look }, reached: () => reached };
};

const apiChecks = ({ api, clock, read }: Installation): Check[] => {
  if (api === undefined) {
    const todo = 'Set DAYPASS_API, or pass --api URL.';
    return [check('api', 'health', async () => warning('Not looked at: nobody said where Daypass is.', todo))];
  }
  return [
    {
      area: 'api',
      title: 'health',
      look: async (signal) => {
        const health = await healthOf(api, signal, clock.nowMs);
        const deployed: Line[] =
          health.healthy && (read.ok || health.policyUnreadableSince !== undefined)
            ? [
                {
                  area: 'configuration',
                  title: 'in force',
                  ...judgeDeployed(read.ok ? read.policy.digest : undefined, health),
                },
              ]
            : [];
        const { seenFrom } = health;
        const address: Line[] =
          seenFrom === undefined ? [] : [{ area: 'api', title: 'address', ...judgeSeenFrom(seenFrom) }];
        return [{ area: 'api', title: 'health', ...judgeHealth(api, health) }, ...address, ...deployed];
      },
    },
  ];
};

/** Looks at everything that can be reached from here, and changes nothing. Throws only where `signal` ends it. */
export const examine = async (installation: Installation, signal: AbortSignal): Promise<readonly Line[]> => {
  const { policyFile, read, targets, region, broker, env, stage, clock, canary } = installation;
  const policy = read.ok ? read.policy : undefined;
  const reaching = targets.map((target) => reach(target, installation));
  const first = await runChecks(
    [
      check('configuration', 'policy', async () => judgePolicy(policyFile, read)),
      ...reaching.map((each) => each.check),
    ],
    signal,
  );
  const reached = reaching.flatMap((each) => each.reached() ?? []);
  const hub = reached.find(({ isHub }) => isHub);
  const secrets = await slackSecrets(env, hub?.clients.ssm, stage, signal);
  const eventsIn = (account: Reached, there: string): Events => {
    const access = targets.find(({ name }) => name === account.name)?.access;
    return there === region || !access ? account.clients : clientsFor(access, there);
  };
  const rest = await runChecks(
    [
      ...slackChecks(installation, secrets, policy),
      ...apiChecks(installation),
      ...(hub ? hubChecks(hub, broker) : []),
      ...(policy && hub ? [recordsCheck(policy, hub, clock)] : []),
      ...(policy ? targetChecks(policy, reached, { region, broker }, eventsIn, clock) : []),
      ...(policy && hub && canary ? targetsOf(policy).map((account) => canaryCheck(account, hub, clock)) : []),
    ],
    signal,
  );
  for (const { clients } of reached) for (const client of [clients.iam, clients.sts, clients.events]) client.destroy();
  return [...first, ...rest];
};
