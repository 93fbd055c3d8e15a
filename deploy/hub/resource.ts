/** CloudFormation as data; members of `Properties` may be intrinsic functions. */
export type Resource = {
  Type: string;
  Properties: Readonly<Record<string, unknown>>;
  Condition?: string;
  DependsOn?: readonly string[];
  DeletionPolicy?: 'Retain';
  UpdateReplacePolicy?: 'Retain';
};

/** By logical id. */
export type Resources = Readonly<Record<string, Resource>>;

export type Ref = { Ref: string };
export type GetAtt = { 'Fn::GetAtt': readonly [string, string] };
export type Sub = { 'Fn::Sub': string };

export const ref = (logicalId: string): Ref => ({ Ref: logicalId });
export const arnOf = (logicalId: string): GetAtt => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
export const sub = (text: string): Sub => ({ 'Fn::Sub': text });

/** What begins with a capital is a resource or a pseudo parameter; the rest is a variable of osls, gone by then. */
const names = /\$\{[A-Z]/;

/** Every string that names something by `${…}` becomes an `Fn::Sub`, wherever it stands. */
export const withSubs = (value: unknown): unknown => {
  if (typeof value === 'string') return names.test(value) ? sub(value) : value;
  if (Array.isArray(value)) return value.map(withSubs);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withSubs(member)]));
};
