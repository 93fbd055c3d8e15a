/** The part of CloudFormation's language that the templates use. What is not here is refused by name. */

/** Where a template is deployed. */
export type Place = { accountId: string; region: string };

type Json = Readonly<Record<string, unknown>>;

/** What can be named from within a template. */
export type Scope = {
  place: Place;
  mappings: Json;
  /** Throws for a name without a condition. */
  holds(condition: string): boolean;
  /** `Ref` and `Fn::GetAtt` of a resource, whose attribute is empty for `Ref`. Throws for one that is not known. */
  attribute(logicalId: string, attribute: string): string;
};

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const refused = (what: string): Error =>
  new Error(`The embedded stack cannot load a template: ${what}. Leave it out, or teach local/cloudformation.`);

const pseudo = (name: string, { accountId, region }: Place): string => {
  const values: Readonly<Record<string, string>> = {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const value = values[name];
  if (value === undefined) throw refused(`${name} is not known`);
  return value;
};

const named = (name: string, scope: Scope): string => {
  if (name.startsWith('AWS::')) return pseudo(name, scope.place);
  const [logicalId = '', attribute = ''] = name.split('.', 2);
  return scope.attribute(logicalId, attribute);
};

const text = (value: unknown, of: string): string => {
  if (typeof value !== 'string') throw refused(`${of} takes text, not ${JSON.stringify(value)}`);
  return value;
};

const list = (value: unknown, of: string): readonly unknown[] => {
  if (!Array.isArray(value)) throw refused(`${of} takes a list, not ${JSON.stringify(value)}`);
  return value;
};

const sub = (template: string, scope: Scope): string =>
  template.replace(/\$\{(!?)([^}]*)\}/g, (_, bang: string, name: string) =>
    bang ? `\${${name}}` : named(name.trim(), scope),
  );

const find = (keys: readonly unknown[], scope: Scope): unknown => {
  const path = keys.map((key) => text(resolve(key, scope), 'Fn::FindInMap'));
  const found = path.reduce<unknown>((level, key) => (isObject(level) ? level[key] : undefined), scope.mappings);
  if (path.length !== 3 || found === undefined) throw refused(`there is no ${path.join('.')} in Mappings`);
  return found;
};

const functions: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  Ref: (argument, scope) => named(text(argument, 'Ref'), scope),
  'Fn::GetAtt': (argument, scope) =>
    scope.attribute(...(list(argument, 'Fn::GetAtt').map((part) => text(part, 'Fn::GetAtt')) as [string, string])),
  'Fn::Sub': (argument, scope) => sub(text(argument, 'Fn::Sub'), scope),
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, 'Fn::Join');
    const resolved = list(parts, 'Fn::Join').map((part) => text(resolve(part, scope), 'Fn::Join'));
    return resolved.join(text(separator, 'Fn::Join'));
  },
  'Fn::FindInMap': (argument, scope) => find(list(argument, 'Fn::FindInMap'), scope),
  'Fn::If': (argument, scope) => {
    const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If');
    return resolve(scope.holds(text(condition, 'Fn::If')) ? whenTrue : whenFalse, scope);
  },
};

/** The value with every intrinsic function in it worked out. */
export const resolve = (value: unknown, scope: Scope): unknown => {
  if (Array.isArray(value)) return value.map((member) => resolve(member, scope));
  if (!isObject(value)) return value;
  const [[key, argument] = ['', undefined], ...more] = Object.entries(value);
  if (more.length === 0 && (key === 'Ref' || key.startsWith('Fn::'))) {
    const work = Object.hasOwn(functions, key) ? functions[key] : undefined;
    if (!work) throw refused(`the function ${key} is not known`);
    return work(argument, scope);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member, scope)]));
};

/** Whether a condition holds. */
export const evaluateCondition = (condition: unknown, scope: Scope): boolean => {
  const [[key, argument] = ['', undefined], ...more] = isObject(condition) ? Object.entries(condition) : [];
  if (more.length > 0) throw refused(`a condition is one function, not ${JSON.stringify(condition)}`);
  const each = (): boolean[] => list(argument, key).map((member) => evaluateCondition(member, scope));
  switch (key) {
    case 'Condition':
      return scope.holds(text(argument, 'Condition'));
    case 'Fn::Equals': {
      const [one, other] = list(resolve(argument, scope), key);
      return one === other;
    }
    case 'Fn::And':
      return each().every(Boolean);
    case 'Fn::Or':
      return each().some(Boolean);
    case 'Fn::Not':
      return !each()[0];
    default:
      throw refused(`the condition function ${key || JSON.stringify(condition)} is not known`);
  }
};
