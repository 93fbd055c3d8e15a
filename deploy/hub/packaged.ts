import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { functions } from '#functions/registry.ts';
import { params } from './parameters.ts';

/** What puts packages into AWS, or makes ready what does. Removing a deployment needs none. */
const commands: readonly string[] = ['deploy', 'package'];

/** The folder of the zips, as osls was told by `--param`. */
const artifactsIn = (args: readonly string[]): string => {
  const given = args.map((arg, index) => (args[index - 1] === '--param' ? `--param=${arg}` : arg));
  const [, told] = given.map((arg) => /^--param=["']?artifacts=([^"']+)/.exec(arg)).findLast((found) => found) ?? [];
  return told ?? params.artifacts;
};

type Held = { digest: string } | 'no package' | 'no policy';

/** The policy that a function was packaged with. */
const heldIn = (path: string): Held => {
  try {
    const file = unzipSync(readFileSync(path), { filter: ({ name }) => name === 'access.json' })['access.json'];
    if (file === undefined) return 'no policy';
    const { digest } = JSON.parse(strFromU8(file)) as { digest?: unknown };
    return typeof digest === 'string' ? { digest } : 'no policy';
  } catch {
    return 'no package';
  }
};

const first = 'Run `npm run package` first.';

/**
 * Refuses what osls is about to do where a package holds another access policy than this one: it would be deployed, and
 * whoever was taken out since might still ask and approve. `args` are those of osls. Throws an Error that says so.
 */
export const refuseOldPackages = (digest: string, args: readonly string[]): void => {
  if (!args.some((arg) => commands.includes(arg))) return;
  if (args.some((arg) => /^(?:--package|-p)(?:=|$)/.test(arg))) {
    throw new Error('Which access policy is in a package that osls made before is not known. Leave --package out.');
  }
  const artifacts = artifactsIn(args);
  const needing = functions.filter(({ environment }) => environment.includes('DAYPASS_POLICY'));
  for (const { name } of needing) {
    const held = heldIn(join(artifacts, `${name}.zip`));
    if (held === 'no package') throw new Error(`There is no package ${name}.zip in ${artifacts}. ${first}`);
    if (held === 'no policy') throw new Error(`${name}.zip in ${artifacts} holds no access policy. ${first}`);
    if (held.digest !== digest) {
      const [was, is] = [held.digest.slice(0, 12), digest.slice(0, 12)];
      throw new Error(
        `${name}.zip in ${artifacts} holds the access policy ${was}, and access.yaml is ${is} by now: what was changed would not be deployed. ${first}`,
      );
    }
  }
};
