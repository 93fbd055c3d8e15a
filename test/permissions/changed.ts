import { functions } from '#functions/registry.ts';
import { type Permission, permissionsOf, samePermission, without, withPermission } from './permission.ts';

/** What `scripts/try-permissions.ts` changes in the configurations of a test's process. */
export type Change = { without?: Permission; with?: readonly Permission[] };

/** Where a change stands as JSON. Nothing but tests reads it. */
export const changeVariable = 'DAYPASS_TEST_PERMISSIONS';

const configOf = (name: string) => {
  const config = functions.find((candidate) => candidate.name === name);
  if (!config) throw new Error(`There is no function ${name}. Take a name from functions/registry.ts.`);
  return config;
};

/** Does what the variable asks for to the configurations in this process, before anything has read them. */
export const changePermissions = (asked: string | undefined = process.env[changeVariable]): void => {
  if (asked === undefined || asked === '') return;
  const change = JSON.parse(asked) as Change;
  if (change.without) {
    const { without: taken } = change;
    const config = configOf(taken.functionName);
    if (!permissionsOf(config).some((permission) => samePermission(permission, taken))) {
      throw new Error(`There is nothing to take away: ${asked}`);
    }
    Object.assign(config, { statements: without(config, taken) });
  }
  for (const permission of change.with ?? []) {
    const config = configOf(permission.functionName);
    Object.assign(config, { statements: withPermission(config, permission) });
  }
};
