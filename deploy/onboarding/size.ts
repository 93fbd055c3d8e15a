import { longestManagedPolicy } from './boundary.ts';
import { longestTrust, managedRolePermissions, managedRoleTrust } from './managed-role.ts';
import { boundaryOf, type OnboardingPlan } from './plan.ts';

/** A third of a role's 10,240 characters of inline policies; the rest is for the deny. */
const longestPermissions = 3_413;

/** IAM counts no white space. */
const lengthOf = (document: object): number => JSON.stringify(document).replace(/\s/g, '').length;

const problem = (what: string, length: number, most: number): string[] =>
  length > most ? [`${what} has ${length} characters, and at most ${most} are allowed.`] : [];

/** What IAM would refuse for its length, and permissions that leave the deny too little room. One sentence each. */
export const tooLong = (plan: OnboardingPlan): string[] => [
  ...problem('The permissions boundary', lengthOf(boundaryOf(plan, plan.accounts)), longestManagedPolicy),
  ...plan.accounts.flatMap(({ name, roles, externalIds }) =>
    roles.flatMap((role) => {
      const permissions = managedRolePermissions(role);
      const of = `${role.roleName} in ${name}`;
      return [
        ...problem(
          `The trust policy of ${of}`,
          lengthOf(managedRoleTrust(role, plan.brokers, externalIds)),
          longestTrust,
        ),
        ...(permissions ? problem(`The inline policy of ${of}`, lengthOf(permissions), longestPermissions) : []),
      ];
    }),
  ),
];
