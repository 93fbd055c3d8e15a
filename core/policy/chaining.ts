import { isOwnRoleName, parseRoleArn, roleArnOf, roleOf, sameRole } from '#core/aws-role.ts';
import type { PolicyDocument } from './document.ts';
import type { Located } from './issues.ts';
import type { Path } from './source-text.ts';
import { intoOf, type Written } from './ways.ts';

const arnIn = (document: PolicyDocument, { account, role }: Written): string =>
  roleArnOf({ accountId: document.accounts[account]?.id ?? '', roleName: role });

/** A role's name is the same in any case, and so a role is found however it was written. */
const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** The principal of a single node is called as its owners like; every other role of Daypass by what it is. */
const isDaypassItself = ({ accounts }: PolicyDocument, arn: string): boolean => {
  const role = roleOf(arn);
  const brokers = Object.values(accounts).flatMap(({ broker }) => parseRoleArn(broker ?? '') ?? []);
  return isOwnRoleName(role.roleName) || brokers.some((broker) => sameRole(broker, role));
};

/** Written wrong, so that it would do something else than it says. */
export const chainingProblems = (document: PolicyDocument, written: Written, at: Path): Located[] =>
  intoOf(written).flatMap((arn, index) => {
    if (same(arn, arnIn(document, written))) {
      const hint = 'A session has its own role already: leave it out.';
      return [{ path: [...at, index], message: 'This is the entitlement’s own role.', hint }];
    }
    if (isDaypassItself(document, arn)) {
      const message = 'This is a role of Daypass itself: whoever has it can lift denies, or hand out any access.';
      return [{ path: [...at, index], message, hint: 'Leave it out: no entitlement may lead there.' }];
    }
    const meant = Object.values(document.entitlements)
      .map((other) => arnIn(document, other))
      .find((known) => same(arn, known));
    if (meant === undefined || meant === arn) return [];
    return [
      { path: [...at, index], message: 'A role’s name is written here in other capitals.', hint: `Write ${meant}.` },
    ];
  });

/** Legal, since the operator may know why; but what nobody can end deserves a word. */
export const chainingWarnings = (document: PolicyDocument, written: Written, at: Path): Located[] => {
  const lent = Object.values(document.entitlements).map((other) => arnIn(document, other));
  return intoOf(written).flatMap((arn, index) =>
    lent.some((known) => same(arn, known))
      ? []
      : [
          {
            path: [...at, index],
            message: 'No entitlement lends this role, so Daypass cannot end sessions on it.',
            hint: 'They live for up to an hour. Make the role that of an entitlement, and onboard its account.',
          },
        ],
  );
};
