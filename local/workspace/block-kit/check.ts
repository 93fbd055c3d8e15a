/** The pieces that the Block Kit rules are written with. A check reports what Slack would, and where, and goes on. */

/** Problems in Slack's own form: `must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]`. */
export type Problems = string[];
/** `at` is the JSON pointer of `value`. */
export type Check = (value: unknown, at: string, problems: Problems) => void;

export const report = (problems: Problems, at: string, say: string): void => {
  problems.push(`${say} [json-pointer:${at}]`);
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Slack counts characters, not UTF-16 units: an emoji is one. */
export const characters = (text: string): number => [...text].length;

export const text =
  ({ min = 1, max }: { min?: number; max: number }): Check =>
  (value, at, problems) => {
    if (typeof value !== 'string') return report(problems, at, 'must be a string');
    const length = characters(value);
    if (length > max) report(problems, at, `must be less than ${max + 1} characters`);
    if (length < min) report(problems, at, `must be more than ${min - 1} characters`);
  };

export const flag: Check = (value, at, problems) => {
  if (typeof value !== 'boolean') report(problems, at, 'must be a boolean');
};

export const integer =
  (min: number, max: number): Check =>
  (value, at, problems) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return report(problems, at, 'must be an integer');
    if (value < min || value > max) report(problems, at, `must be between ${min} and ${max}`);
  };

export const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, at, problems) => {
    if (typeof value !== 'string' || !allowed.includes(value))
      report(problems, at, `must be a valid enum value: ${allowed.join(', ')}`);
  };

export const pattern =
  (form: RegExp, say: string): Check =>
  (value, at, problems) => {
    if (typeof value !== 'string' || !form.test(value)) report(problems, at, say);
  };

export const list =
  (item: Check, { min = 1, max }: { min?: number; max: number }): Check =>
  (value, at, problems) => {
    if (!Array.isArray(value)) return report(problems, at, 'must be an array');
    if (value.length > max) report(problems, at, `no more than ${max} items allowed`);
    if (value.length < min) report(problems, at, `no less than ${min} items allowed`);
    value.slice(0, max).forEach((each, index) => {
      item(each, `${at}/${index}`, problems);
    });
  };

/** An object with these fields and no others, as Slack insists. `type` is always allowed. */
export const shape =
  (required: Readonly<Record<string, Check>>, optional: Readonly<Record<string, Check>> = {}): Check =>
  (value, at, problems) => {
    if (!isRecord(value)) return report(problems, at, 'must be an object');
    for (const name of Object.keys(required))
      if (value[name] === undefined) report(problems, at, `missing required field: ${name}`);
    for (const [name, field] of Object.entries(value)) {
      if (name === 'type' || field === undefined) continue;
      const check = Object.hasOwn(required, name)
        ? required[name]
        : Object.hasOwn(optional, name)
          ? optional[name]
          : undefined;
      if (check) check(field, `${at}/${name}`, problems);
      else report(problems, at, `invalid additional property: ${name}`);
    }
  };

/** The check that belongs to the value's `type`; anything else is an unsupported type. */
export const byType =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at, problems) => {
    if (!isRecord(value)) return report(problems, at, 'must be an object');
    const type = value.type;
    if (type === undefined) return report(problems, at, 'missing required field: type');
    const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined;
    if (check) check(value, at, problems);
    else report(problems, `${at}/type`, `unsupported type: ${String(type)}`);
  };

/** Several checks on one value. */
export const all =
  (...checks: readonly Check[]): Check =>
  (value, at, problems) => {
    for (const check of checks) check(value, at, problems);
  };
