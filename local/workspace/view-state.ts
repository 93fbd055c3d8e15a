import { characters, isRecord } from './block-kit/check.ts';
import { offeredOptions } from './block-kit/composition.ts';
import { type Located, locateElements } from './block-kit/find-element.ts';

/**
 * What a person has put into one element: typed text or a date, a chosen option's value, several of them, or nothing.
 */
export type RawValue = string | readonly string[] | null;
/** By block id, then action id. */
export type RawValues = Readonly<Record<string, Readonly<Record<string, RawValue>>>>;
/** `state.values` of a payload. */
export type StateValues = Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;

/** The elements that have a value, and the key that Slack puts it under. */
const valueKeys: Readonly<Record<string, string>> = {
  plain_text_input: 'value',
  number_input: 'value',
  email_text_input: 'value',
  url_text_input: 'value',
  datepicker: 'selected_date',
  static_select: 'selected_option',
  radio_buttons: 'selected_option',
  checkboxes: 'selected_options',
};

const optionValue = (option: unknown): string[] =>
  isRecord(option) && typeof option.value === 'string' ? [option.value] : [];

/** What the element holds before anybody touched it. */
export const initialValue = (element: Record<string, unknown>): RawValue => {
  if (element.type === 'checkboxes')
    return Array.isArray(element.initial_options) ? element.initial_options.flatMap(optionValue) : [];
  if (element.initial_option !== undefined) return optionValue(element.initial_option)[0] ?? null;
  const initial = element.initial_value ?? element.initial_date;
  return typeof initial === 'string' ? initial : null;
};

/** One element's state in Slack's shape. A value that is not offered reads as none. */
export const elementState = (element: Record<string, unknown>, raw: RawValue): Record<string, unknown> => {
  const type = String(element.type);
  const key = valueKeys[type] ?? 'value';
  const offered = offeredOptions(element);
  if (type === 'checkboxes')
    return { type, [key]: offered.filter((option) => Array.isArray(raw) && raw.includes(option.value)) };
  if (key === 'selected_option') return { type, [key]: offered.find((option) => option.value === raw) ?? null };
  return { type, [key]: typeof raw === 'string' && raw !== '' ? raw : null };
};

const rawOf = (raw: RawValues, { blockId, actionId, element }: Located): RawValue => {
  const given = raw[blockId]?.[actionId];
  return given === undefined ? initialValue(element) : given;
};

/** The state of every element with a value. `raw` may leave out what was not touched. */
export const readState = (blocks: readonly unknown[], raw: RawValues): StateValues => {
  const values: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const located of locateElements(blocks)) {
    if (!Object.hasOwn(valueKeys, String(located.element.type))) continue;
    values[located.blockId] = {
      ...values[located.blockId],
      [located.actionId]: elementState(located.element, rawOf(raw, located)),
    };
  }
  return values;
};

const numberProblem = (element: Record<string, unknown>, typed: string): string | undefined => {
  const value = Number(typed);
  if (Number.isNaN(value)) return 'Enter a number.';
  if (element.is_decimal_allowed === false && !Number.isInteger(value)) return 'Enter a whole number.';
  if (element.min_value !== undefined && value < Number(element.min_value))
    return `Enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && value > Number(element.max_value))
    return `Enter ${element.max_value} or less.`;
  return undefined;
};

const textProblem = (element: Record<string, unknown>, typed: string): string | undefined => {
  const length = characters(typed);
  const max = typeof element.max_length === 'number' ? element.max_length : 3000;
  const min = typeof element.min_length === 'number' ? element.min_length : 0;
  if (length > max) return `Shorten this by ${length - max} characters: at most ${max} fit.`;
  if (length < min) return `Write at least ${min} characters.`;
  return undefined;
};

const formProblem = (element: Record<string, unknown>, typed: string): string | undefined => {
  if (element.type === 'number_input') return numberProblem(element, typed);
  if (element.type === 'email_text_input' && !/^\S+@\S+\.\S+$/.test(typed)) return 'Enter an e-mail address.';
  if (element.type === 'url_text_input' && !/^https?:\/\/\S+$/.test(typed))
    return 'Enter an address that starts with https://.';
  return textProblem(element, typed);
};

const problemOf = (located: Located, raw: RawValue): string | undefined => {
  const empty = raw === null || raw.length === 0 || (typeof raw === 'string' && raw.trim() === '');
  if (empty) return located.block.optional === true ? undefined : 'This is needed. Please fill it in.';
  return typeof raw === 'string' ? formProblem(located.element, raw) : undefined;
};

/** What Slack's client would not send off, by block id. Empty when the view may be submitted. */
export const inputProblems = (blocks: readonly unknown[], raw: RawValues): Readonly<Record<string, string>> => {
  const inputs = locateElements(blocks).filter(({ block }) => block.type === 'input');
  return Object.fromEntries(
    inputs.flatMap((located) => {
      const problem = problemOf(located, rawOf(raw, located));
      return problem === undefined ? [] : [[located.blockId, problem]];
    }),
  );
};
