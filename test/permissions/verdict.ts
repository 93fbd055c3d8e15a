import type { FunctionConfig, PermissionStatement } from '#functions/config.ts';
import type { Permission as InPolicy } from '#local/aws/iam/authorized.ts';
import { substitute } from '#statemachines/substitute.ts';
import { type Permission, permissionsIn, permissionText } from './permission.ts';
import type { Recorded } from './recording.ts';

/** What the recordings are compared with. */
export type Suite = {
  functions: readonly FunctionConfig[];
  /** Fills the `${…}` tokens of the configurations, as in the stack that was recorded. */
  arns: Readonly<Record<string, string>>;
  roleArnOf: (functionName: string) => string;
  recorded: readonly Recorded[];
};

const configFile = (functionName: string): string => `functions/${functionName}/config.ts`;

/** `*`, or an ARN that leaves the account open. */
const isWide = (resource: string): boolean => {
  const [, , , , account, ...name] = resource.split(':');
  return resource === '*' || account === '*' || name.join(':') === '*';
};

const inPolicy = ({ action, resource, leadingKey }: Permission, arns: Suite['arns']): InPolicy => ({
  action,
  resource: substitute(resource, arns),
  ...(leadingKey !== undefined && { leadingKey }),
});

const same = (one: InPolicy, other: InPolicy): boolean =>
  one.action === other.action && one.resource === other.resource && one.leadingKey === other.leadingKey;

/** The tests in which something was allowed by this permission and by no other: they fail without it. */
export const testsThatNeed = (permission: Permission, { arns, roleArnOf, recorded }: Suite): string[] => {
  const roleArn = roleArnOf(permission.functionName);
  const wanted = inPolicy(permission, arns);
  const needing = recorded.filter(
    ({ roleArn: asker, allowedBy: [only, ...others] }) =>
      asker === roleArn && only !== undefined && others.length === 0 && same(only, wanted),
  );
  return [...new Set(needing.map(({ test }) => test))];
};

const allowedToo = (permission: Permission, { arns, roleArnOf, recorded }: Suite): InPolicy | undefined => {
  const wanted = inPolicy(permission, arns);
  const roleArn = roleArnOf(permission.functionName);
  const shared = recorded.find(
    ({ roleArn: asker, allowedBy }) => asker === roleArn && allowedBy.some((each) => same(each, wanted)),
  );
  return shared?.allowedBy.find((each) => !same(each, wanted));
};

const aboutActions = (name: string, { actions }: PermissionStatement): string[] =>
  actions
    .filter((action) => action.includes('*') || action.includes('?'))
    .map((action) => `${name}: ${action} names more than one action. Name each action in ${configFile(name)}.`);

const aboutWidth = (name: string, { resources, wideBecause }: PermissionStatement): string[] => {
  const wide = resources.filter(isWide);
  if (wide.length === 0 && wideBecause !== undefined) {
    return [
      `${name}: no resource of the statement is wide (${resources.join(', ')}). Remove its wideBecause from ${configFile(name)}.`,
    ];
  }
  if (wideBecause !== undefined && wideBecause.trim() !== '') return [];
  return wide.map(
    (resource) =>
      `${name}: ${resource} is every resource, or one in whatever account. Name it in ${configFile(name)}, or write wideBecause beside it.`,
  );
};

const aboutUse = (name: string, statement: PermissionStatement, suite: Suite): string[] =>
  permissionsIn(name, statement).flatMap((permission) => {
    const needed = testsThatNeed(permission, suite).length > 0;
    const excused = statement.untestedBecause !== undefined && statement.untestedBecause.trim() !== '';
    const what = permissionText(permission);
    if (needed && excused) {
      return [
        `${what} is used by the e2e suite. Move it in ${configFile(name)} to a statement without untestedBecause, or remove that.`,
      ];
    }
    if (needed || excused) return [];
    const other = allowedToo(permission, suite);
    return other
      ? [
          `${what} is not needed: ${other.action} on ${other.resource} allows the same. Remove one of the two from ${configFile(name)}.`,
        ]
      : [
          `${what} is used by no e2e test. Remove it from ${configFile(name)}, or add an e2e test that uses it, or write untestedBecause beside it.`,
        ];
  });

const aboutRefusals = ({ functions, roleArnOf, recorded }: Suite): string[] => {
  const names = new Map(functions.map(({ name }) => [roleArnOf(name), name]));
  const refusals = recorded.flatMap(({ roleArn, action, resource, leadingKeys = [], allowedBy, test }) => {
    const name = names.get(roleArn);
    if (name === undefined || allowedBy.length > 0) return [];
    const what = `${action} on ${[resource, ...leadingKeys].join(' for ')}`;
    return [`${name}: ${what} was refused in the test "${test}". Allow it in ${configFile(name)}.`];
  });
  return [...new Set(refusals)];
};

/**
 * One sentence for everything that is not least privilege, each with what to do. Empty: the configurations are exact.
 */
export const judge = (suite: Suite): string[] => [
  ...suite.functions.flatMap(({ name, statements }) =>
    statements.flatMap((statement) => [
      ...aboutActions(name, statement),
      ...aboutWidth(name, statement),
      ...aboutUse(name, statement, suite),
    ]),
  ),
  ...aboutRefusals(suite),
];
