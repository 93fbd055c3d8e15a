/**
 * What somebody can do next where Slack, the CLI and the API each have a way of their own for it; with each, what has
 * to be known to name that way. Wire format: the API sends them and the CLI reads them.
 */
const steps = {
  'log-in': [],
  /** The code that was typed is none; a new login shows a new one. */
  'log-in-again': [],
  list: [],
  'see-entitlements': [],
  ask: ['entitlementId'],
  'ask-when-ended': ['entitlementId'],
  'await-approval': ['requestId'],
  cancel: ['requestId'],
  /** There are as many that wait as may; the one that waits longest. */
  'cancel-one': ['requestId'],
  end: ['requestId'],
  /** Somebody else's grant, which only they and those who may revoke can end. */
  revoke: ['requestId'],
  'reuse-credentials': [],
  'list-lockdowns': [],
  /** There is no room for one more lockdown. */
  'make-room': [],
  /** `kind` and `name` are what `lift` takes. */
  lift: ['kind', 'name'],
  /** As `lift`, but by others: `who` begins a sentence. */
  'have-lifted': ['who', 'kind', 'name'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type StepName = keyof typeof steps;

export type NextStep = {
  [Name in StepName]: { do: Name } & { readonly [Member in (typeof steps)[Name][number]]: string };
}[StepName];

/** A sentence that reads the same everywhere, or a step that each medium words for its own reader. */
export type Next = string | NextStep;

const isStepName = (name: unknown): name is StepName => typeof name === 'string' && Object.hasOwn(steps, name);

/** For what came over the wire, perhaps from a later version that knows more steps. */
export const isNextStep = (value: unknown): value is NextStep => {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Readonly<Record<string, unknown>>;
  return isStepName(members.do) && steps[members.do].every((member) => typeof members[member] === 'string');
};
