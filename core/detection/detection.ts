import type { Severity } from '#core/alert/severity.ts';
import { type RoleRef, roleArnOf } from '#core/aws-role.ts';
import type { LedgerEntry } from '#core/ledger/ledger.ts';
import { callerKey, detailsOf, whoDid } from './describe.ts';
import type { Finding, FoundSession } from './finding.ts';
import type { Known } from './known.ts';
import type { MintedSession } from './minted-session.ts';
import type { PolicyChanged, RoleChanged, TrailEvent } from './trail-event.ts';

/**
 * Everything about one detection. It is listed in `detections.ts`; rules, detector, alert card and runbook read the
 * registry. Findings of one without `judge` are not made from an event: the sweeper, or whoever tried something, finds
 * them.
 */
export type Detection = Described | TrailDetection;

export type Described = {
  /** Alerts are stored under it: it never changes. */
  id: string;
  /** Those that its findings may have, the worst first. */
  severities: readonly [Severity, ...Severity[]];
  remedy: AlertRemedy;
  /** What people do themselves where there is no Revoke: the beginning of a sentence on the alert's card. */
  byHand: string;
  runbook: RunbookEntry;
};

/** One that judges events of CloudTrail. */
export type TrailDetection = Described & {
  /** The calls that it wants to see, and the only ones it is shown. */
  on: readonly Watched[];
  asks?: (event: TrailEvent) => Questions;
  judge: (event: TrailEvent, known: Known, answers: Answers) => Hit | undefined;
  /** Events that it finds, and events that nobody finds anything in. A test sends each through the deployed rules. */
  samples: { hits: readonly Sample[]; passes: readonly Sample[] };
};

/**
 * Names of calls are those of CloudTrail. The role of an event that a detection is shown is written as the policy
 * writes it.
 */
export type Watched =
  /** Every call of STS that assumed such a role. */
  | { assumptions: Roles }
  /** A session of such a role made further keys of itself. */
  | { furtherKeys: Roles }
  /** Calls of IAM that changed such a role: who may take it, or what its sessions may do. */
  | { changes: 'trust' | 'permissions'; calls: readonly string[]; of: Roles }
  /** Calls of IAM that changed what a managed policy of an onboarded account says, whatever it is attached to. */
  | { changes: 'policy'; calls: readonly string[] }
  /** Every call by a session of a role that is lent, refused ones too. */
  | { uses: 'managed' };

/** `managed`: what entitlements lend. `revoker`: through which Daypass writes the deny. `watched`: both. */
export type Roles = 'managed' | 'revoker' | 'watched' | 'any';

/**
 * What Revoke does about an alert. `end-sessions`: the sessions that its findings name, nobody else's, are denied.
 * `end-ungranted`: every session of the role that carries no grant is denied (whoever got in through a changed trust
 * policy). `restore-deny`: the deny policy is written again from the ledger. `nothing`: people must put it right, so
 * there is no Revoke button.
 */
export type AlertRemedy = 'end-sessions' | 'end-ungranted' | 'restore-deny' | 'nothing';

/** What a detection wants looked up before it judges; all questions about one event are asked at once. */
export type Questions = {
  /** What is revoked on this role, by its ARN. */
  revokedOn?: string;
  /** The session that Daypass minted, if it did, with this `aws:userid` or this access key for this person. */
  mintedFor?: { userId: string; accessKeyId?: string; personId: string };
};

/** Empty where it was not asked. */
export type Answers = {
  revoked: readonly LedgerEntry[];
  /** Whether Daypass denies anybody on that role; absent where it has no ledger of it. */
  denies?: boolean;
  minted?: MintedSession | undefined;
};

/** What a detection says of an event. The rest of the finding is the same for all. */
export type Hit = {
  /** The worst that the detection knows, unless it says so. */
  severity?: Severity;
  /** Absent where it is about no one role. */
  role?: RoleRef;
  /** What it is about, beside the detection itself, and who did it: hits about the same are one alert. */
  about: readonly string[];
  /** See `Finding`. A change of a role or a policy is known by what was asked for. */
  deed?: string;
  /** One plain sentence for people. */
  summary: string;
  session?: FoundSession;
  personId?: string;
  /** Further lines of Details. */
  facts?: Readonly<Record<string, string>>;
};

/** An event as EventBridge hands it over, and what is known beside `sampleKnown`. */
export type Sample = {
  event: Readonly<Record<string, unknown>>;
  known?: Partial<Known>;
  answers?: Partial<Answers>;
};

/** What `daypass runbook` prints. A passage is paragraphs; those with `run` are commands for a shell, one a line. */
export type RunbookEntry = {
  means: string;
  urgent: string;
  check: readonly Paragraph[];
  mend: readonly Paragraph[];
  mendedWhen: string;
};

export type Paragraph = string | { run: readonly string[] };

/** For a detection of which nothing more can be said than that. */
export const lookAndPutRight = 'There is no session to end here: look at the role and put it right';

/** What was changed, how exactly, and by whom: what most hits are about. */
export const changeOf = (what: string, event: RoleChanged | PolicyChanged): readonly string[] => [
  what,
  event.name,
  event.asked,
  whoDid(event),
];

export const dedupKeyOf = ({ id }: Described, about: readonly string[]): string => [id, ...about].join(':');

export const findingOf = (detection: TrailDetection, event: TrailEvent, hit: Hit): Finding => {
  const { role, about, summary, session, personId, facts, severity = detection.severities[0] } = hit;
  const deed = 'asked' in event ? event.asked : hit.deed;
  return {
    detection: detection.id,
    severity,
    dedupKey: dedupKeyOf(detection, about),
    ...(deed !== undefined && { deed }),
    by: callerKey(event.caller),
    summary,
    at: event.at,
    eventId: event.sharedEventId ?? event.eventId,
    accountId: role?.accountId ?? event.accountId,
    roleArn: role ? roleArnOf(role) : 'unknown',
    ...(session && { session }),
    ...(personId !== undefined && { personId }),
    facts: { ...detailsOf(event, role), ...facts },
  };
};
