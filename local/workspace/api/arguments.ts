import { isRecord } from '../block-kit/check.ts';
import { parseJson } from '../http.ts';
import { SlackRefusal } from '../refusal.ts';

/** A Web API call's arguments, from a form or a JSON body alike. */
export type Arguments = {
  /** Absent and empty read the same, as in a form. */
  text(name: string): string | undefined;
  /** Throws `SlackRefusal` invalid_arguments where it is missing. */
  required(name: string): string;
  flag(name: string): boolean;
  /** Between 1 and `max`; `fallback` where it is not given. Throws invalid_limit. */
  limit(fallback: number, max: number): number;
  /** Structured values come as JSON texts in a form. Throws `SlackRefusal(error)` when the text is no JSON. */
  structure(name: string, error: string): unknown;
  names: readonly string[];
};

export const missing = (name: string): SlackRefusal =>
  new SlackRefusal('invalid_arguments', [`missing required field: ${name} [json-pointer:/]`]);

/** Throws `SlackRefusal`: invalid_json, json_not_object, invalid_form_data. */
export const parseArguments = (contentType: string, body: string, query: URLSearchParams): Arguments => {
  const given = new Map<string, unknown>(query);
  if (contentType.startsWith('application/json')) {
    const json = parseJson(body);
    if (json === undefined) throw new SlackRefusal('invalid_json');
    if (!isRecord(json)) throw new SlackRefusal('json_not_object');
    for (const [name, value] of Object.entries(json)) given.set(name, value);
  } else if (body !== '' && contentType.startsWith('application/x-www-form-urlencoded')) {
    for (const [name, value] of new URLSearchParams(body)) given.set(name, value);
  } else if (body !== '') {
    throw new SlackRefusal('invalid_post_type');
  }
  const text = (name: string): string | undefined => {
    const value = given.get(name);
    if (value === undefined || value === null || value === '') return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return {
    text,
    required: (name) => {
      const value = text(name);
      if (value === undefined) throw missing(name);
      return value;
    },
    flag: (name) => ['true', '1'].includes(text(name) ?? ''),
    limit: (fallback, max) => {
      const value = text('limit');
      if (value === undefined) return fallback;
      const limit = Number(value);
      if (!Number.isInteger(limit) || limit < 1) throw new SlackRefusal('invalid_limit');
      return Math.min(limit, max);
    },
    structure: (name, error) => {
      const value = given.get(name);
      if (value === undefined || value === null || value === '') return undefined;
      if (typeof value !== 'string') return value;
      const parsed = parseJson(value);
      if (parsed === undefined) throw new SlackRefusal(error);
      return parsed;
    },
    names: [...given.keys()],
  };
};
