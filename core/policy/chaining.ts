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

/** Role → why it is acceptable that nobody can end sessions on it. */
const acceptedOf = ({ chaining }: Written): Readonly<Record<string, string>> =>
  (chaining ? chaining.acceptUnrevocable : undefined) ?? {};

/** The same role as an entitlement writes it. */
const lentAs = (document: PolicyDocument, arn: string): string | undefined =>
  Object.values(document.entitlements)
    .map((other) => arnIn(document, other))
    .find((known) => same(arn, known));

/** Written wrong, so that it would do something else than it says, or naming what nobody can end. */
export const chainingProblems = (document: PolicyDocument, written: Written, at: Path): Located[] => [
  ...intoOf(written).flatMap((arn, index) => {
    const path = [...at, 'into', index];
    if (same(arn, arnIn(document, written))) {
      const hint = 'A session has its own role already: leave it out.';
      return [{ path, message: 'This is the entitlement’s own role.', hint }];
    }
    if (isDaypassItself(document, arn)) {
      const message = 'This is a role of Daypass itself: whoever has it can lift denies, or hand out any access.';
      return [{ path, message, hint: 'Leave it out: no entitlement may lead there.' }];
    }
    const meant = lentAs(document, arn);
    if (meant === arn || (meant === undefined && arn in acceptedOf(written))) return [];
    if (meant === undefined) {
      const hint = `Make it the role of an entitlement and onboard its account; or state why it is acceptable, as acceptUnrevocable: { "${arn}": <reason> } beside into.`;
      return [{ path, message: 'No entitlement lends this role, so nobody can end sessions on it.', hint }];
    }
    return [{ path, message: 'A role’s name is written here in other capitals.', hint: `Write ${meant}.` }];
  }),
  ...Object.keys(acceptedOf(written)).flatMap((arn) => {
    const path = [...at, 'acceptUnrevocable', arn];
    if (!intoOf(written).includes(arn)) {
      return [
        { path, message: 'This role is not one of into.', hint: 'Leave it out, or write it as it stands there.' },
      ];
    }
    return lentAs(document, arn) === arn
      ? [{ path, message: 'An entitlement lends this role, so Daypass ends sessions on it.', hint: 'Leave it out.' }]
      : [];
  }),
];

/** Accepted, and worth a word each time: what nobody can end. */
export const chainingWarnings = (written: Written, at: Path): Located[] =>
  Object.entries(acceptedOf(written)).map(([arn, reason]) => ({
    path: [...at, 'acceptUnrevocable', arn],
    message: `Daypass cannot end sessions on this role; they live for up to an hour. It is accepted: ${reason}`,
    hint: 'Look at it again now and then.',
  }));
