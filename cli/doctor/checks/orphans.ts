import { ok, type Verdict, warning } from '../report.ts';

export const managedPrefix = 'daypass-jit-';

/** Roles that look managed and that no entitlement names: nobody asks for them, and nobody would miss them. */
export const judgeOrphans = (roleNames: readonly string[], lent: readonly string[]): Verdict => {
  const known = new Set(lent.map((name) => name.toLowerCase()));
  const orphans = roleNames.filter((name) => !known.has(name.toLowerCase())).sort();
  if (orphans.length === 0) return ok('No role named daypass-jit-… is without an entitlement.');
  return warning(
    `No entitlement names ${orphans.join(', ')}.`,
    'Delete what nobody lends any more, or name it in an entitlement of access.yaml.',
  );
};
