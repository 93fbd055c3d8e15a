import { accountOfArn, isUserArn, userIsNoBroker, whatIsABroker } from '#core/aws-arn.ts';
import type { PolicyDocument } from './document.ts';
import type { Located } from './issues.ts';
import { listed } from './resolve.ts';
import type { Path } from './source-text.ts';

/** Each value but the first that comes to the same, with where the first one is. */
export const repeats = (values: readonly { path: Path; same: string; owner: string }[]) => {
  const first = new Map<string, string>();
  return values.flatMap(({ path, same, owner }) => {
    const before = first.get(same);
    if (before === undefined) first.set(same, owner);
    return before === undefined || before === owner ? [] : [{ path, before }];
  });
};

export const sharedAliases = (document: PolicyDocument): Located[] => {
  const aliases = (kind: 'slack' | 'email', same: (alias: string) => string) =>
    Object.entries(document.people).flatMap(([owner, person]) =>
      listed(person[kind]).map((alias, index) => ({
        path: ['people', owner, kind, ...(typeof person[kind] === 'string' ? [] : [index])],
        same: same(alias),
        owner,
      })),
    );
  return [
    ...repeats(aliases('slack', (id) => id)).map(({ path, before }) => ({
      path,
      message: `${before} has this Slack user id too.`,
      hint: 'One Slack user is one person: give it to one of them, or join the two.',
    })),
    ...repeats(aliases('email', mailboxOf)).map(({ path, before }) => ({
      path,
      message: `${before} has this e-mail address too; capitals and what follows a + do not count.`,
      hint: 'One mailbox is one person: give it to one of them, or join the two.',
    })),
  ];
};

/** `Alice+aws@example.com` arrives where `alice@example.com` does. */
const mailboxOf = (email: string): string => email.toLowerCase().replace(/\+[^@]*@/, '@');

export const accountProblems = (document: PolicyDocument): Located[] => {
  const accounts = Object.entries(document.accounts);
  const ids = accounts.map(([owner, { id }]) => ({ path: ['accounts', owner, 'id'], same: id, owner }));
  const externalIds = accounts.flatMap(([owner, { externalId }]) =>
    externalId === undefined ? [] : [{ path: ['accounts', owner, 'externalId'], same: externalId, owner }],
  );
  const hubs = accounts.filter(([, { externalId }]) => externalId === undefined).map(([owner]) => owner);
  return [
    ...repeats(ids).map(({ path, before }) => ({
      path,
      message: `${before} has this id too.`,
      hint: 'List an account once.',
    })),
    ...repeats(externalIds).map(({ path, before }) => ({
      path,
      message: `${before} has this external id too.`,
      hint: 'Give each account an external id of its own, so that one cannot stand in for the other.',
    })),
    ...hubs.slice(1).map((owner) => ({
      path: ['accounts', owner],
      message: `${owner} has no externalId, and ${hubs[0]} has none either.`,
      hint: 'Only the hub, where Daypass runs, goes without one.',
    })),
    ...accounts.flatMap(([owner, { externalId, region }]) =>
      region === undefined || externalId === undefined
        ? []
        : [
            {
              path: ['accounts', owner, 'region'],
              message: `${owner} is not the hub, so it has no region.`,
              hint: 'It is where Daypass runs. Events of every region come from there to the hub.',
            },
          ],
    ),
    ...accounts.flatMap(([owner, { id, onboardedBy = [] }]) =>
      listed(onboardedBy).some((arn) => accountOfArn(arn) !== id)
        ? [
            {
              path: ['accounts', owner, 'onboardedBy'],
              message: 'Whoever sets up roles in an account is a role or a user of that account.',
              hint: `Write ARNs of ${id}. Somebody from elsewhere takes a role there: name that one.`,
            },
          ]
        : [],
    ),
    ...accounts.flatMap(([owner, { id, externalId, broker }]) => {
      if (broker === undefined) return [];
      const path = ['accounts', owner, 'broker'];
      const hint = 'It is a role of the account without externalId, where Daypass runs.';
      if (externalId !== undefined) return [{ path, message: `${owner} is not the hub, so it has no broker.`, hint }];
      if (isUserArn(broker)) {
        const message = `The broker is an IAM user. ${userIsNoBroker}`;
        return [{ path, message, hint: whatIsABroker }];
      }
      return accountOfArn(broker) === id ? [] : [{ path, message: 'The broker is in another account.', hint }];
    }),
  ];
};
