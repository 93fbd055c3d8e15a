import { commandName } from '#core/command-name.ts';
import {
  conditionValues,
  differenceOf,
  isSame,
  lostConditions,
  parsedDocument,
  principalsOf,
  shortly,
  statementsOf,
} from '#core/iam-document.ts';
import { accountsOf } from '#deploy/onboarding/chains.ts';
import { managedRoleTrust } from '#deploy/onboarding/managed-role.ts';
import type { Document } from '#deploy/onboarding/names.ts';
import type { AccountPlan, ManagedRolePlan } from '#deploy/onboarding/plan.ts';
import { revokerTrust } from '#deploy/onboarding/revoker.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

const externalIdKey = 'sts:ExternalId';

/** Deploying the account's template again mends everything that is not as it says. */
export const onboardAgain = (accountName: string): string =>
  `Deploy what \`${commandName} onboard ${accountName}\` prints in that account again.`;

const externalIdsIn = (trust: unknown): readonly string[] => [
  ...new Set(statementsOf(trust).flatMap((statement) => conditionValues(statement, externalIdKey))),
];

const strangersIn = (trust: unknown, known: readonly string[]): readonly string[] => [
  ...new Set(
    statementsOf(trust)
      .flatMap(principalsOf)
      .filter((principal) => !known.includes(principal)),
  ),
];

type Judged = {
  what: string;
  trust: string;
  account: AccountPlan;
  known: readonly string[];
  /** What onboarding writes for these external ids. */
  written: (externalIds: readonly string[]) => Document;
};

/** Names what weakens a trust policy first; whatever else differs is shown as it is. */
const judge = ({ what, trust, account, known, written }: Judged): Verdict => {
  const actual = parsedDocument(trust);
  const difference = differenceOf(written(account.externalIds), actual);
  if (isSame(difference)) return ok(`${what} trusts as onboarded: with the account’s external id.`);
  const todo = onboardAgain(account.name);
  const given = externalIdsIn(actual);
  if (given.length === 0) return failure(`${what} can be taken without the account’s external id.`, todo);
  const strangers = strangersIn(actual, known);
  if (strangers.length > 0) return failure(`${what} can also be taken by ${strangers.join(', ')}.`, todo);
  const missing = account.externalIds.filter((id) => !given.includes(id));
  if (missing.length > 0) return failure(`${what} takes another external id than the one in the access policy.`, todo);
  if (isSame(differenceOf(written(given), actual))) {
    return warning(
      `${what} takes ${given.length} external ids, and the access policy has ${account.externalIds.length}.`,
      `If its external id is not being changed at present: ${todo}`,
    );
  }
  const lost = lostConditions(difference);
  if (lost.length > 0) return failure(`${what} can be taken without ${lost.join(', ')}.`, todo);
  const [lacks] = difference.missing;
  const [has] = difference.added;
  const how = has ? `it says ${shortly(has)}` : lacks ? `it does not say ${shortly(lacks)}` : 'its statements differ';
  return failure(`${what} does not trust as onboarded: ${how}`, todo);
};

/** Who may take a managed role, and on what conditions. */
export const judgeManagedTrust = (
  trust: string,
  role: ManagedRolePlan,
  account: AccountPlan,
  brokers: readonly string[],
): Verdict =>
  judge({
    what: role.roleName,
    trust,
    account,
    known: [...brokers, ...(role.chainedFrom ? accountsOf(role.chainedFrom.roleArns) : [])],
    written: (externalIds) => managedRoleTrust(role, brokers, externalIds),
  });

export const judgeRevokerTrust = (
  name: string,
  trust: string,
  account: AccountPlan,
  revokers: readonly string[],
): Verdict =>
  judge({ what: name, trust, account, known: revokers, written: (externalIds) => revokerTrust(revokers, externalIds) });
