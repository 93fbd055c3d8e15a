import { BlockList, isIP } from 'node:net';
import { type Context, matchesArn, matchesLike, parseTemplate, renderText, type Template } from './match.ts';

/**
 * Condition operators.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */

export type Operator = {
  /** Whether this value of the policy may stand there; checked when the policy is written. */
  accepts(value: string): boolean;
  /** Only String and ARN operators take policy variables. */
  variables: boolean;
  /** Whether one value of the request fits one value of the policy. */
  fits(want: Template, have: string, context: Context): boolean;
  /** `…NotEquals`, `Not…`: holds when no value fits, and also when the key is missing. */
  negated: boolean;
};

const literalOf = (want: Template, context: Context): string => renderText(want, context) ?? '';

const equals: Operator['fits'] = (want, have, context) => renderText(want, context) === have;
const equalsIgnoreCase: Operator['fits'] = (want, have, context) =>
  renderText(want, context)?.toLowerCase() === have.toLowerCase();
const like: Operator['fits'] = (want, have, context) => matchesLike(want, have, context);
const arn: Operator['fits'] = (want, have, context) => matchesArn(want, have, context);

const isoDate = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** ISO 8601 or seconds since the epoch, in milliseconds; `undefined` for anything else. No zone means UTC. */
export const dateMs = (text: string): number | undefined => {
  if (/^-?\d{5,}(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  if (!isoDate.test(text)) return undefined;
  const zoned = text.includes('T') && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? undefined : ms;
};

const isNumber = (text: string): boolean => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
const isDate = (text: string): boolean => dateMs(text) !== undefined;

/** `left` is the request's value, `right` the policy's. */
type Order = (left: number, right: number) => boolean;

const compare =
  (numberOf: (text: string) => number | undefined, order: Order): Operator['fits'] =>
  (want, have, context) => {
    const left = numberOf(have);
    const right = numberOf(literalOf(want, context));
    return left !== undefined && right !== undefined && order(left, right);
  };

const toNumber = (text: string): number | undefined => (isNumber(text) ? Number(text) : undefined);

const splitCidr = (text: string): { net: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined => {
  const [net = '', bits, ...rest] = text.split('/');
  const version = isIP(net);
  if (version === 0 || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const longest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : Number(bits);
  return prefix > longest ? undefined : { net, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
};

const ipAddress: Operator['fits'] = (want, have, context) => {
  const cidr = splitCidr(literalOf(want, context));
  const version = isIP(have);
  if (!cidr || version === 0) return false;
  const list = new BlockList();
  list.addSubnet(cidr.net, cidr.prefix, cidr.family);
  return list.check(have, version === 4 ? 'ipv4' : 'ipv6');
};

const anything = (): boolean => true;
const isBool = (text: string): boolean => /^(?:true|false)$/i.test(text);
const isCidr = (text: string): boolean => splitCidr(text) !== undefined;
const isArnPattern = (text: string): boolean => text === '*' || text.split(':').length >= 6;

const text = (fits: Operator['fits'], negated = false): Operator => ({
  accepts: anything,
  variables: true,
  fits,
  negated,
});
const arns = (negated = false): Operator => ({ accepts: isArnPattern, variables: true, fits: arn, negated });
const plain = (accepts: Operator['accepts'], fits: Operator['fits'], negated = false): Operator => ({
  accepts,
  variables: false,
  fits,
  negated,
});
const numeric = (order: Order, negated = false): Operator => plain(isNumber, compare(toNumber, order), negated);
const date = (order: Order, negated = false): Operator => plain(isDate, compare(dateMs, order), negated);

const same: Order = (left, right) => left === right;
const less: Order = (left, right) => left < right;
const lessOrSame: Order = (left, right) => left <= right;
const greater: Order = (left, right) => left > right;
const greaterOrSame: Order = (left, right) => left >= right;

/** Every operator but `Null`, which asks for a key's presence and not for its value. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ['StringEquals', text(equals)],
  ['StringNotEquals', text(equals, true)],
  ['StringEqualsIgnoreCase', text(equalsIgnoreCase)],
  ['StringNotEqualsIgnoreCase', text(equalsIgnoreCase, true)],
  ['StringLike', text(like)],
  ['StringNotLike', text(like, true)],
  ['ArnEquals', arns()],
  ['ArnLike', arns()],
  ['ArnNotEquals', arns(true)],
  ['ArnNotLike', arns(true)],
  ['NumericEquals', numeric(same)],
  ['NumericNotEquals', numeric(same, true)],
  ['NumericLessThan', numeric(less)],
  ['NumericLessThanEquals', numeric(lessOrSame)],
  ['NumericGreaterThan', numeric(greater)],
  ['NumericGreaterThanEquals', numeric(greaterOrSame)],
  ['DateEquals', date(same)],
  ['DateNotEquals', date(same, true)],
  ['DateLessThan', date(less)],
  ['DateLessThanEquals', date(lessOrSame)],
  ['DateGreaterThan', date(greater)],
  ['DateGreaterThanEquals', date(greaterOrSame)],
  ['Bool', plain(isBool, equalsIgnoreCase)],
  ['BinaryEquals', plain(anything, equals)],
  ['IpAddress', plain(isCidr, ipAddress)],
  ['NotIpAddress', plain(isCidr, ipAddress, true)],
]);

export const parseValue = (operator: Operator, value: string, policyHasVariables: boolean): Template =>
  parseTemplate(value, operator.variables && policyHasVariables);
