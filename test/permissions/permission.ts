import type { FunctionConfig, PermissionStatement } from '#functions/config.ts';

/**
 * One action of one function on one resource (with its `${…}` token), and on one partition key where the statement
 * names some.
 */
export type Permission = { functionName: string; action: string; resource: string; leadingKey?: string };

const partsOf = (functionName: string, { actions, resources, leadingKeys }: PermissionStatement): Permission[] =>
  actions.flatMap((action) =>
    resources.flatMap((resource) =>
      leadingKeys
        ? leadingKeys.map((leadingKey) => ({ functionName, action, resource, leadingKey }))
        : [{ functionName, action, resource }],
    ),
  );

/** Everything that a function may do, in pieces that can be taken away one by one. */
export const permissionsOf = ({ name, statements }: FunctionConfig): Permission[] =>
  statements.flatMap((statement) => partsOf(name, statement));

/** The same for a single statement. */
export const permissionsIn = (functionName: string, statement: PermissionStatement): Permission[] =>
  partsOf(functionName, statement);

export const samePermission = (one: Permission, other: Permission): boolean =>
  one.functionName === other.functionName &&
  one.action === other.action &&
  one.resource === other.resource &&
  one.leadingKey === other.leadingKey;

/** `sweep: dynamodb:Query on ${table-arn} for OUTBOX` */
export const permissionText = ({ functionName, action, resource, leadingKey }: Permission): string =>
  `${functionName}: ${action} on ${resource}${leadingKey === undefined ? '' : ` for ${leadingKey}`}`;

const statementOf = ({ action, resource, leadingKey }: Permission): PermissionStatement => ({
  actions: [action],
  resources: [resource],
  ...(leadingKey !== undefined && { leadingKeys: [leadingKey] }),
});

/** The function's statements without that one permission; what goes together otherwise stays as it is. */
export const without = (config: FunctionConfig, taken: Permission): PermissionStatement[] =>
  config.statements.flatMap((statement) => {
    const parts = partsOf(config.name, statement);
    const rest = parts.filter((part) => !samePermission(part, taken));
    return rest.length === parts.length ? [statement] : rest.map(statementOf);
  });

export const withPermission = (config: FunctionConfig, added: Permission): PermissionStatement[] => [
  ...config.statements,
  statementOf(added),
];
