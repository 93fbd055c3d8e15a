import type { InForce, Lockdown } from '#core/lockdown/lockdown.ts';
import type { Tally } from '#core/lockdown/tally.ts';
import { scopeWords, typedScope } from '#core/lockdown/words.ts';
import type { Policy } from '#core/policy/policy.ts';
import { type NameView, nameView } from './answer-views.ts';

/** What the HTTP API says of a lockdown. All instants are ISO 8601 UTC. */
export type LockdownView = {
  id: string;
  /** `person alice`: what names it again. */
  subject: string;
  /** For people. */
  what: string;
  reason: string;
  begunAt: string;
  begunBy: NameView;
  status: Lockdown['status'];
  lifted?: { at: string; by: NameView; reason: string };
  /**
   * How far it is; for those who may lock down. `failed` names 50 at most, `moreFailed` counts the rest; `finishedAt`
   * is there once nothing more was found.
   */
  tally?: Tally & { moreFailed?: number; finishedAt?: string };
};

/** What a lockdown would hit, before it is confirmed. */
export type LockdownPreviewView = {
  subject: string;
  what: string;
  grants: number;
  sessions: number;
  waiting: number;
  people: readonly NameView[];
  /** Those who approve or lift, and lose their own access with it. */
  approvers: readonly NameView[];
  /** Only the newest were counted: there may be more of everything. */
  atLeast?: true;
  already?: LockdownView;
};

/** Of a tally, so many of what could not be ended are named. */
const mostFailed = 50;

export const lockdownView = (policy: Policy, lockdown: InForce | Lockdown, tally?: Tally): LockdownView => ({
  id: lockdown.id,
  subject: typedScope(policy, lockdown.scope),
  what: scopeWords(policy, lockdown.scope),
  reason: lockdown.reason,
  begunAt: lockdown.begunAt,
  begunBy: nameView(policy, lockdown.begunBy),
  status: 'status' in lockdown ? lockdown.status : 'in-force',
  ...('status' in lockdown &&
    lockdown.status === 'lifted' && {
      lifted: { at: lockdown.liftedAt, by: nameView(policy, lockdown.liftedBy), reason: lockdown.liftReason },
    }),
  ...(tally && {
    tally: {
      ...tally,
      failed: tally.failed.slice(0, mostFailed),
      ...(tally.failed.length > mostFailed && { moreFailed: tally.failed.length - mostFailed }),
      ...('finished' in lockdown && lockdown.finished && { finishedAt: lockdown.finished.at }),
    },
  }),
});

type Previewed = Pick<Parameters<typeof lockdownView>[1], 'scope'> &
  Pick<LockdownPreviewView, 'grants' | 'sessions' | 'waiting'> & {
    people: readonly string[];
    approvers: readonly string[];
    atLeast?: true;
    already?: InForce;
  };

export const lockdownPreviewView = (policy: Policy, preview: Previewed): LockdownPreviewView => ({
  subject: typedScope(policy, preview.scope),
  what: scopeWords(policy, preview.scope),
  grants: preview.grants,
  sessions: preview.sessions,
  waiting: preview.waiting,
  people: preview.people.map((id) => nameView(policy, id)),
  approvers: preview.approvers.map((id) => nameView(policy, id)),
  ...(preview.atLeast && { atLeast: preview.atLeast }),
  ...(preview.already && { already: lockdownView(policy, preview.already) }),
});
