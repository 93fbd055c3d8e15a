import type { Opened } from '#core/longer-lived.ts';

/**
 * `access.yaml` after it was read: names resolved, durations in seconds. See `docs` beside each member in the schema.
 */
export type Policy = {
  /** SHA-256 (hex) of the policy's canonical JSON. Stored with every decision. */
  digest: string;
  slack: {
    /** A workspace (`T…`) or an organisation (`E…`). */
    teamId: string;
    /** Further workspaces of the organisation; absent where none is named. */
    workspaces?: readonly string[];
    cardsChannel: string;
    alertsChannel: string;
  };
  accounts: readonly Account[];
  people: readonly Person[];
  /** Group name → ids of its people. */
  groups: Readonly<Record<string, readonly string[]>>;
  entitlements: readonly Entitlement[];
  requests: {
    /** A request that nobody answers lapses after this. */
    lapseAfterSec: number;
    /** How often one person may ask in an hour. */
    asksPerHour?: number;
    /** How many requests of one person may wait for approval at once. */
    waitingAtOnce?: number;
    /** A regular expression; the first match in the reason is the ticket where none was given. */
    ticketPattern?: string;
  };
  /** Groups whose people may end anybody's grant. Ending is open to more people than allowing. */
  mayRevoke: readonly string[];
  /** Groups whose people may lock a person, a role or an account down, and lift it again. */
  mayLockDown?: readonly string[];
  alerts: {
    /** Groups whose people may press Revoke on an alert. */
    mayRevoke: readonly string[];
    /** Groups whose people may press Expected on an alert. */
    mayDismiss: readonly string[];
    /** A critical alert that nobody answers is revoked after this. */
    revokeAfterSec: number;
  };
};

export type Account = {
  /** Twelve digits. */
  id: string;
  name: string;
  /** Where Daypass runs. In the hub alone. */
  region?: string;
  /** ARNs of the roles and users that set up the managed roles here. */
  onboardedBy?: readonly string[];
  /** What Daypass sends as ExternalId when it assumes a role there. Absent for the hub. */
  externalId?: string;
  /**
   * ARN of the role or user under which a single node runs, in place of the functions of a deployment. In the hub only.
   */
  broker?: string;
};

/** One human, whatever the alias. */
export type Person = {
  id: string;
  name: string;
  slackUserIds: readonly string[];
  /** Lower case. */
  emails: readonly string[];
};

export type ApprovalRule =
  | { kind: 'none' }
  /** `count` different people of `groups`, never the requester. */
  | { kind: 'votes'; count: number; groups: readonly string[] };

export type Entitlement = {
  id: string;
  description: string;
  accountId: string;
  roleName: string;
  /** Groups whose people may ask for it. */
  mayAsk: readonly string[];
  minDurationSec: number;
  defaultDurationSec: number;
  maxDurationSec: number;
  approval: ApprovalRule;
  /** Session tags beside `daypass:grant` and `daypass:entitlement`. */
  tags: Readonly<Record<string, string>>;
  /** The further roles that a session may assume. */
  chaining: Chaining;
  /** What a session may make that lives on after it, with the reason; absent for nothing. */
  opens?: Opened;
};

/** ARNs of the roles that a session may go on to, or none. */
export type Chaining = false | { into: readonly string[] };

const hubOf = ({ accounts }: Pick<Policy, 'accounts'>) => accounts.find(({ externalId }) => externalId === undefined);

/** The region in which Daypass runs. */
export const hubRegionOf = (policy: Pick<Policy, 'accounts'>): string => hubOf(policy)?.region ?? 'us-east-1';

/** The id of the account in which Daypass runs. */
export const hubIdOf = (policy: Pick<Policy, 'accounts'>): string => hubOf(policy)?.id ?? '';
