/**
 * Condition keys that the service authorization reference calls `ArrayOf…`: a request may bring several values of them,
 * even where it brings one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
const multivalued: ReadonlySet<string> = new Set(
  [
    'aws:CalledVia',
    'aws:PrincipalServiceNamesList',
    'aws:TagKeys',
    'dynamodb:Attributes',
    'dynamodb:LeadingKeys',
    'events:detail-type',
    'events:source',
    'kms:EncryptionContextKeys',
    'kms:GrantOperations',
    'sts:TransitiveTagKeys',
  ].map((key) => key.toLowerCase()),
);

/** Whether a condition on this key needs `ForAllValues` or `ForAnyValue`. */
export const isMultivalued = (key: string): boolean =>
  multivalued.has(key.toLowerCase()) || /^aws:(?:principal|resource|source|vpce)orgpaths$/i.test(key);
