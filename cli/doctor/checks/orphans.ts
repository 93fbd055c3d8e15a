import { managedPrefix } from '#core/aws-role.ts';
import { ok, type Verdict, warning } from '../report.ts';

/** Roles that look managed and that no entitlement names: nobody asks for them, and nobody would miss them. */
export const judgeOrphans = (roleNames: readonly string[], lent: readonly string[]): Verdict => {
  const known = new Set(lent.map((name) => name.toLowerCase()));
  const orphans = roleNames.filter((name) => !known.has(name.toLowerCase())).sort();
  if (orphans.length === 0) return ok(`No role named ${managedPrefix}… is without an entitlement.`);
  return warning(
    `No entitlement names ${orphans.join(', ')}.`,
    'Delete what nobody lends any more, or name it in an entitlement of access.yaml.',
  );
};
