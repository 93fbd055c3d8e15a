import { canonicalJson } from '#core/canonical-json.ts';
import { parseDuration } from '#core/duration.ts';
import { sha256 } from '#core/sha256.ts';
import type { PolicyDocument } from './document.ts';
import type { Entitlement, Policy } from './policy.ts';

type Written<K extends keyof PolicyDocument> = PolicyDocument[K][keyof PolicyDocument[K]];

/** What the schema let through is a duration. */
export const secondsOf = (duration: string): number => parseDuration(duration) ?? Number.NaN;

export const listed = (oneOrMore: string | readonly string[]): readonly string[] =>
  typeof oneOrMore === 'string' ? [oneOrMore] : oneOrMore;

/** The policy that a document without problems stands for. */
export const resolve = (document: PolicyDocument): Policy => {
  const policy: Omit<Policy, 'digest'> = {
    slack: {
      teamId: document.slack.team,
      ...(document.slack.workspaces !== undefined && { workspaces: unique(listed(document.slack.workspaces)) }),
      cardsChannel: document.slack.cards,
      alertsChannel: document.slack.alerts,
    },
    accounts: Object.entries(document.accounts).map(([name, { id, externalId, broker, region, onboardedBy }]) => ({
      id,
      name,
      ...(onboardedBy !== undefined && { onboardedBy: unique(listed(onboardedBy)) }),
      ...(region !== undefined && { region }),
      ...(externalId !== undefined && { externalId }),
      ...(broker !== undefined && { broker }),
    })),
    people: Object.entries(document.people).map(([id, person]) => ({
      id,
      name: person.name.trim(),
      slackUserIds: unique(listed(person.slack)),
      emails: unique(listed(person.email).map((email) => email.toLowerCase())),
    })),
    groups: Object.fromEntries(Object.entries(document.groups).map(([name, people]) => [name, unique(people)])),
    entitlements: Object.entries(document.entitlements).map(([id, written]) => entitlementOf(id, written, document)),
    requests: {
      lapseAfterSec: secondsOf(document.requests.lapseAfter),
      ...(document.requests.asksPerHour !== undefined && { asksPerHour: document.requests.asksPerHour }),
      ...(document.requests.waitingAtOnce !== undefined && { waitingAtOnce: document.requests.waitingAtOnce }),
      ...(document.requests.ticketPattern !== undefined && { ticketPattern: document.requests.ticketPattern }),
    },
    mayRevoke: unique(document.mayRevoke),
    ...(document.mayLockDown !== undefined && { mayLockDown: unique(document.mayLockDown) }),
    alerts: {
      mayRevoke: unique(document.alerts.mayRevoke),
      mayDismiss: unique(document.alerts.mayDismiss),
      revokeAfterSec: secondsOf(document.alerts.revokeAfter),
    },
  };
  return { digest: sha256(canonicalJson(policy)), ...policy };
};

const entitlementOf = (id: string, written: Written<'entitlements'>, document: PolicyDocument): Entitlement => ({
  id,
  description: written.description.trim(),
  accountId: document.accounts[written.account]?.id ?? '',
  roleName: written.role,
  mayAsk: unique(written.mayAsk),
  minDurationSec: secondsOf(written.duration.min),
  defaultDurationSec: secondsOf(written.duration.default),
  maxDurationSec: secondsOf(written.duration.max),
  approval:
    written.approval === 'none'
      ? { kind: 'none' }
      : { kind: 'votes', count: written.approval.count, groups: unique(written.approval.of) },
  tags: written.tags ?? {},
  chaining: written.chaining ? { into: unique(written.chaining.into) } : false,
  ...(written.opens !== undefined && Object.keys(written.opens).length > 0 && { opens: written.opens }),
});

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];
