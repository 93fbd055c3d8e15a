type Json = unknown;
type Path = readonly (string | number)[];
/** One mistake in a state machine: where, and what is written there; `undefined` leaves it out. */
export type MachineMistake = { path: Path; by: Json };

const isObject = (value: Json): value is Record<string, Json> => typeof value === 'object' && value !== null;

const statesIn = (value: Json): string[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([key, part]) => [
        ...(key === 'States' && isObject(part) ? Object.keys(part) : []),
        ...statesIn(part),
      ])
    : [];

const numbers = /^(IntervalSeconds|BackoffRate|MaxDelaySeconds|MaxConcurrency|TimeoutSeconds|Seconds)$/;

/** What can be got wrong about one key of a state, a retrier, a catcher or a choice. */
const instead = (key: string, value: Json, others: readonly string[]): Json[] => {
  if (key === 'Next' || key === 'Default') return others.filter((other) => other !== value);
  if (key === 'MaxAttempts') return [value === 0 ? 3 : 0];
  if (numbers.test(key)) return [typeof value === 'number' ? value * 2 : 1];
  if (key === 'Retry' || key === 'Catch') return [undefined];
  if (key === 'ErrorEquals') return [['States.Permissions']];
  if (key === 'JitterStrategy') return ['NONE'];
  if (key === 'Condition') return [`{% $not(${String(value).slice(2, -2)}) %}`];
  if (key === 'Output') return [{}];
  if (key === 'Resource') return [String(value).replace('.waitForTaskToken', '')].filter((by) => by !== value);
  if (key === 'Timestamp') return ['2020-01-01T00:00:00Z'];
  return [];
};

const below = (value: Json, path: Path, names: readonly string[]): MachineMistake[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([key, part]) => {
        const at = [...path, Array.isArray(value) ? Number(key) : key];
        const payload = path.at(-1) === 'Payload' ? [''] : [];
        return [...payload, ...instead(key, part, names)]
          .map((by): MachineMistake => ({ path: at, by }))
          .concat(below(part, at, names));
      })
    : [];

/** Every mistake that these rules can make in a machine. */
export const machineMistakes = (definition: Json): MachineMistake[] => below(definition, [], statesIn(definition));

const put = (value: Json, [key, ...rest]: Path, by: Json): Json => {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((part, index) => (index === key ? put(part, rest, by) : part));
  return isObject(value) ? { ...value, [key]: put(value[key], rest, by) } : value;
};

/** The machine with the mistake in it. */
export const withMistake = (definition: Json, { path, by }: MachineMistake): Json => put(definition, path, by);
