/** A call's input or output the way CloudTrail writes it. */

/** What AWS writes in a secret's place. */
export const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** Never kept, not even as a mark. */
const dropped: ReadonlySet<string> = new Set(['SecretAccessKey', 'SessionToken', 'secretAccessKey', 'sessionToken']);

/** Secrets and payloads. Step Functions' `input`, `output` and `cause` are whatever an execution carries. */
const concealed: ReadonlySet<string> = new Set([
  ...['taskToken', 'input', 'output', 'cause', 'definition', 'variables'],
  ...['detail', 'tokenCode', 'password', 'newPassword', 'oldPassword', 'webIdentityToken', 'sAMLAssertion'],
]);

/** Members whose keys are the caller's own words and stay as they are. */
const maps: ReadonlySet<string> = new Set(['expressionAttributeNames', 'incomingTransitiveTags']);

/** Numbers that the Query protocol carries as text. */
const numbers: ReadonlySet<string> = new Set(['durationSeconds', 'maxSessionDuration', 'maxItems']);

const lowerFirst = (key: string): string => key.charAt(0).toLowerCase() + key.slice(1);

const dateFormat = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
/** `Jul 1, 2026, 12:08:19 PM`, UTC; Node puts a narrow no-break space before AM and PM. */
const cloudTrailDate = (ms: number): string => dateFormat.format(ms).replaceAll('\u202f', ' ');

const isTime = (key: string): boolean => key === 'expiration' || key.endsWith('Date');

const dateOf = (value: unknown): string | undefined => {
  if (value instanceof Date) return cloudTrailDate(value.getTime());
  if (typeof value === 'number') return cloudTrailDate(value * 1_000);
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : cloudTrailDate(ms);
};

const valueAt = (key: string, value: unknown): unknown => {
  if (concealed.has(key)) return hidden;
  if (isTime(key) || value instanceof Date) return dateOf(value) ?? value;
  if (numbers.has(key) && typeof value === 'string') return Number(value);
  if (Array.isArray(value)) return value.map((element) => valueAt('', element));
  if (typeof value !== 'object' || value === null) return value;
  return maps.has(key) ? value : recorded(value as Readonly<Record<string, unknown>>);
};

/** CloudTrail's camelCase and dates; secrets left out or hidden, at every depth. */
export const recorded = (members: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined || dropped.has(name)) continue;
    const key = lowerFirst(name);
    result[key] = valueAt(key, value);
  }
  return result;
};
