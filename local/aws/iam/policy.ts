import { type Condition, parseConditions } from './condition.ts';
import { malformed } from './malformed.ts';
import { parseTemplate, type Template } from './match.ts';
import { isMultivalued } from './multivalued-keys.ts';
import { type Principals, parsePrincipals } from './principal.ts';

/**
 * The policy grammar. Everything that is not understood is refused when the policy is written, so that evaluation never
 * has to skip a thing silently.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */

/**
 * An identity policy, boundary or session policy says `Resource`; a role trust policy says `Principal`; the policy of
 * another resource, such as an event bus, says both.
 */
export type PolicyKind = 'identity' | 'trust' | 'resource';

export type Statement = {
  effect: 'Allow' | 'Deny';
  actions: readonly string[];
  notAction: boolean;
  /** Empty in a trust policy, where the role itself is the resource. */
  resources: readonly Template[];
  notResource: boolean;
  principals?: Principals;
  conditions: readonly Condition[];
};

export type Policy = { statements: readonly Statement[] };

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const statementKeys: Readonly<Record<PolicyKind, ReadonlySet<string>>> = {
  identity: new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']),
  trust: new Set(['Sid', 'Effect', 'Action', 'NotAction', 'Principal', 'NotPrincipal', 'Condition']),
  resource: new Set([
    ...['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Principal', 'NotPrincipal', 'Condition'],
  ]),
};

const stringsOf = (value: unknown, element: string): string[] => {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const strings = list.filter((item): item is string => typeof item === 'string');
  if (strings.length === 0 || strings.length !== list.length) {
    throw malformed(`Syntax errors in policy: ${element} must be a string or a list of strings.`);
  }
  return strings;
};

/** Reads `X` or `NotX`, of which exactly one must be there. */
const either = (from: Json, element: string): { values: string[]; not: boolean } => {
  const not = `Not${element}`;
  if (element in from === not in from) {
    throw malformed(`Syntax errors in policy: a statement needs exactly one of ${element} and ${not}.`);
  }
  return not in from
    ? { values: stringsOf(from[not], not), not: true }
    : { values: stringsOf(from[element], element), not: false };
};

const checkAction = (action: string, kind: PolicyKind): void => {
  if (kind === 'trust' && !/^sts:/i.test(action)) {
    throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
  if (action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
    throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
};

const checkResource = (resource: string): void => {
  if (resource !== '*' && !/^arn:[^:]*:[^:]*:[^:]*:[^:]*:./.test(resource)) {
    throw malformed(`Resource ${resource} must be in ARN format or "*".`);
  }
};

const parseStatement = (from: unknown, kind: PolicyKind, withVariables: boolean): Statement => {
  if (!isObject(from)) throw malformed('Syntax errors in policy: a statement must be an object.');
  for (const key of Object.keys(from)) {
    if (!statementKeys[kind].has(key)) throw malformed(`Has prohibited field ${key}`);
  }
  const { Effect: effect, Sid: sid } = from;
  if (effect !== 'Allow' && effect !== 'Deny')
    throw malformed('Syntax errors in policy: Effect must be Allow or Deny.');
  if (sid !== undefined && (typeof sid !== 'string' || !/^[A-Za-z0-9]*$/.test(sid))) {
    throw malformed(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  const action = either(from, 'Action');
  for (const name of action.values) checkAction(name, kind);
  const resource = kind !== 'trust' ? either(from, 'Resource') : { values: [], not: false };
  for (const arn of resource.values) checkResource(arn);
  const principals = kind !== 'identity' ? parsePrincipals(from, effect) : undefined;
  return {
    effect,
    actions: action.values,
    notAction: action.not,
    resources: resource.values.map((arn) => parseTemplate(arn, withVariables)),
    notResource: resource.not,
    ...(principals ? { principals } : {}),
    conditions: parseConditions(from.Condition, withVariables),
  };
};

const checkSids = (statements: readonly unknown[]): void => {
  const sids = statements
    .map((one) => (isObject(one) ? one.Sid : undefined))
    .filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size !== sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(malformed('This policy contains invalid Json'), { cause });
  }
};

const readPolicy = (text: string, kind: PolicyKind): Policy => {
  const document = readJson(text);
  if (!isObject(document)) throw malformed('Syntax errors in policy: the document must be an object.');
  for (const key of Object.keys(document)) {
    if (key !== 'Version' && key !== 'Id' && key !== 'Statement')
      throw malformed(`Syntax errors in policy: unknown element ${key}.`);
  }
  const version = document.Version ?? '2008-10-17';
  if (version !== '2012-10-17' && version !== '2008-10-17') {
    throw malformed(
      'Syntax errors in policy: Version must be "2012-10-17" (or "2008-10-17", which knows no variables).',
    );
  }
  const statement = document.Statement;
  const list: unknown[] = Array.isArray(statement) ? statement : [statement];
  if (statement === undefined || list.length === 0) throw malformed('Syntax errors in policy: Statement is missing.');
  checkSids(list);
  return { statements: list.map((one) => parseStatement(one, kind, version === '2012-10-17')) };
};

/** AWS takes a plain operator on a key of several values, and then decides as no page says. */
const refusePlainOnSets = ({ statements }: Policy): void => {
  for (const condition of statements.flatMap(({ conditions }) => conditions)) {
    if (condition.kind === 'compare' && condition.quantifier === undefined && isMultivalued(condition.key)) {
      throw malformed(
        `Syntax errors in policy: ${condition.key} may have several values: an operator on it needs ForAllValues: or ForAnyValue: in front.`,
      );
    }
  }
};

/**
 * A policy that is being written. Throws `MalformedPolicyDocument` that names the element and what is wrong with it.
 */
export const parsePolicy = (text: string, kind: PolicyKind): Policy => {
  const policy = readPolicy(text, kind);
  refusePlainOnSets(policy);
  return policy;
};

const parsedTexts = new Map<string, Policy>();
const remembered = 1000;

/** A policy that was taken before, maybe by an earlier version. It is read at every call: a thousand are remembered. */
export const parseStored = (text: string, kind: PolicyKind): Policy => {
  const key = `${kind} ${text}`;
  const known = parsedTexts.get(key);
  if (known) return known;
  const policy = readPolicy(text, kind);
  if (parsedTexts.size >= remembered) parsedTexts.clear();
  parsedTexts.set(key, policy);
  return policy;
};
