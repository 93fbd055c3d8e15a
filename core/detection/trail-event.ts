import type { RoleRef } from '#core/aws-role.ts';

/**
 * One CloudTrail record, read: only what detections use, every text bounded. Instants are ISO 8601 UTC. Fields:
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export type TrailEvent = RoleAssumed | RoleChanged | PolicyChanged | OtherCall;

type TrailFacts = {
  eventId: string;
  /** The same in every account that got a copy; absent for most events of a single account. */
  sharedEventId?: string;
  at: string;
  /** The account whose trail this copy is from. */
  accountId: string;
  region: string;
  /** `AssumeRole`. */
  name: string;
  /** `sts.amazonaws.com`. */
  source: string;
  /** Absent exactly when the call succeeded. */
  errorCode?: string;
  caller: TrailCaller;
  sourceIp?: string;
  userAgent?: string;
};

/** A role was assumed or, with an `errorCode`, would have been. */
export type RoleAssumed = TrailFacts & {
  kind: 'role-assumed';
  role: RoleRef;
  sessionName?: string;
  /**
   * Session tags, also those passed on by the session before; keys in lower case, since IAM does not tell them apart.
   */
  tags: Readonly<Record<string, string>>;
  /** Of these the ones that STS itself took over from the calling session, which no caller can set. */
  inherited: Readonly<Record<string, string>>;
  sourceIdentity?: string;
  /** What STS answered; absent for a refusal, and where the answer left the session's id out. */
  session?: AssumedSession;
};

/**
 * An IAM call that succeeded in changing a role. `onlyDenies`: the policy that was written has Deny statements and no
 * others. `revokesBefore`: a statement of it that is none of Daypass denies every session issued before this instant,
 * as the console's button writes it. `asked`: the digest of everything that the call asked for.
 */
export type RoleChanged = TrailFacts & {
  kind: 'role-changed';
  role: RoleRef;
  policyName?: string;
  /** Of the managed policy that the call is about. */
  policyArn?: string;
  onlyDenies?: boolean;
  revokesBefore?: string;
  asked: string;
};

/**
 * An IAM call that succeeded in changing a managed policy. `inForce`: a version that is made is only where that was
 * asked for. `onlyDenies`: as for a role; absent where the event does not tell what the policy says.
 */
export type PolicyChanged = TrailFacts & {
  kind: 'policy-changed';
  policyArn: string;
  inForce: boolean;
  onlyDenies?: boolean;
  asked: string;
};

/** Anything else, refused role changes included: what matters is who called. */
export type OtherCall = TrailFacts & { kind: 'other' };

/** `userIdentity`. The target account's copy of a cross-account assumption has neither `arn` nor `session`. */
export type TrailCaller = {
  type: string;
  arn?: string;
  accountId?: string;
  /** `AIDA…` for a user, `AROA…:<session name>` for a role session. */
  userId?: string;
  accessKeyId?: string;
  /** For a role session: the role, and when the session began. */
  role?: RoleRef;
  sessionCreatedAt?: string;
  sourceIdentity?: string;
  /** The AWS service that called on somebody's behalf. */
  invokedBy?: string;
};

/** `userId` is `AROA…:<session name>`, the session's `aws:userid`. */
export type AssumedSession = { userId: string; accessKeyId?: string; expiresAt: string };

/** An event that matched a rule and could not be read. It is told to people, never dropped in silence. */
export type Unparsed = {
  unparsed: string;
  eventId: string;
  accountId: string;
  at?: string;
  /**
   * Where it is a call that changes a role or a policy and was not refused: one large enough to be left out may be
   * meant to hide.
   */
  change?: { name: string; caller: TrailCaller };
};
