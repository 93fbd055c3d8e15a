/**
 * What hands out access that lives on after the session that asked for it. The boundary denies each of them to every
 * session, unless the session's entitlement opens it. What IAM users, keys, roles and identity providers are made by
 * the boundary does not allow at all, and what is no credential (a resource policy, an open connection) stands in
 * docs/threat-model.md, "What survives a revocation".
 */
export type LongerLivedMaker = {
  id: string;
  actions: readonly string[];
  /** What it hands out, as a noun for a sentence. */
  makes: string;
  /** How long that works at most; `until-removed` where nothing ends it by itself. */
  lives: { sec: number } | 'until-removed';
  /**
   * Whether what it hands out is asked for with the session's tags, so that the deny on the role stops it for as long
   * as it stands.
   */
  heldByDeny: boolean;
  source: string;
  /** Further conditions under which it is denied. */
  denied?: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

const hours = (count: number): { sec: number } => ({ sec: count * 3_600 });
const docs = 'https://docs.aws.amazon.com';

const all = [
  {
    id: 'artifact-token',
    actions: ['sts:GetServiceBearerToken', 'codeartifact:GetAuthorizationToken', 'ecr-public:GetAuthorizationToken'],
    makes: 'a token for CodeArtifact or ECR Public',
    lives: hours(12),
    heldByDeny: true,
    source: `${docs}/codeartifact/latest/ug/tokens-authentication.html`,
  },
  {
    id: 'registry-token',
    actions: ['ecr:GetAuthorizationToken'],
    makes: 'a token for ECR’s registries',
    lives: hours(12),
    heldByDeny: true,
    source: `${docs}/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html`,
  },
  {
    id: 'web-identity-token',
    actions: ['sts:GetWebIdentityToken'],
    makes: 'a signed token for whoever trusts this account outside of AWS',
    lives: hours(1),
    heldByDeny: false,
    source: `${docs}/IAM/latest/UserGuide/id_roles_providers_outbound.html`,
  },
  {
    id: 'sign-in-session',
    actions: ['signin:*'],
    makes: 'a sign-in session, which renews its own keys',
    lives: hours(12),
    heldByDeny: true,
    source: `${docs}/signin/latest/userguide/what-is-sign-in.html`,
  },
  {
    id: 'account-access',
    actions: ['account-access:*'],
    makes: 'an assignment of a role to people of Identity Center',
    lives: 'until-removed',
    heldByDeny: false,
    source: `${docs}/account-access/latest/APIReference/Welcome.html`,
  },
  {
    id: 'portal-session',
    actions: ['identitystore-auth:*'],
    makes: 'a session of Identity Center’s portal',
    lives: 'until-removed',
    heldByDeny: false,
    source: `${docs}/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html`,
  },
  {
    id: 'kubernetes-access',
    actions: [
      'eks:CreateAccessEntry',
      'eks:UpdateAccessEntry',
      'eks:AssociateAccessPolicy',
      'eks:AssociateIdentityProviderConfig',
    ],
    makes: 'access to a Kubernetes cluster',
    lives: 'until-removed',
    heldByDeny: false,
    source: `${docs}/eks/latest/APIReference/API_CreateAccessEntry.html`,
  },
  {
    id: 'key-grant',
    actions: ['kms:CreateGrant'],
    makes: 'the use of a KMS key by somebody else',
    lives: 'until-removed',
    heldByDeny: false,
    source: `${docs}/kms/latest/developerguide/grants.html`,
    // What a service does with the key for a resource of the caller's, such as an encrypted volume, is left alone.
    denied: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
  },
  {
    id: 'device-certificate',
    actions: [
      'iot:CreateKeysAndCertificate',
      'iot:CreateCertificateFromCsr',
      'iot:CreateProvisioningClaim',
      'iot:Register*',
    ],
    makes: 'a certificate for a device of IoT Core',
    lives: 'until-removed',
    heldByDeny: false,
    source: `${docs}/iot/latest/apireference/API_CreateKeysAndCertificate.html`,
  },
  {
    id: 'private-certificate',
    actions: ['acm-pca:IssueCertificate'],
    makes: 'a certificate of a private authority, which Roles Anywhere may trust',
    lives: 'until-removed',
    heldByDeny: false,
    source: `${docs}/privateca/latest/APIReference/API_IssueCertificate.html`,
  },
  {
    id: 'lightsail-key',
    actions: ['lightsail:CreateBucketAccessKey', 'lightsail:CreateKeyPair', 'lightsail:DownloadDefaultKeyPair'],
    makes: 'an access key of a Lightsail bucket, or the SSH key of its instances',
    lives: 'until-removed',
    heldByDeny: false,
    source: `${docs}/lightsail/2016-11-28/api-reference/API_CreateBucketAccessKey.html`,
  },
  {
    id: 'cognito-token',
    actions: ['cognito-identity:GetOpenIdTokenForDeveloperIdentity'],
    makes: 'a token that Cognito takes for credentials of its own roles',
    lives: hours(24),
    heldByDeny: false,
    source: `${docs}/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html`,
  },
  {
    id: 'data-credentials',
    actions: ['s3:GetDataAccess', 'lakeformation:GetTemporary*'],
    makes: 'credentials of another role for data in S3',
    lives: hours(12),
    heldByDeny: false,
    source: `${docs}/AmazonS3/latest/API/API_control_GetDataAccess.html`,
  },
  {
    id: 'notebook-session',
    actions: ['sagemaker:CreatePresigned*'],
    makes: 'a session in SageMaker under another role',
    lives: hours(12),
    heldByDeny: false,
    source: `${docs}/sagemaker/latest/APIReference/API_CreatePresignedDomainUrl.html`,
  },
  {
    id: 'graph-api-key',
    actions: ['appsync:CreateApiKey', 'appsync:UpdateApiKey'],
    makes: 'a key of an AppSync API',
    lives: { sec: 365 * 86_400 },
    heldByDeny: false,
    source: `${docs}/appsync/latest/APIReference/API_CreateApiKey.html`,
  },
  {
    id: 'transfer-key',
    actions: ['transfer:ImportSshPublicKey'],
    makes: 'an SSH key of a Transfer Family user',
    lives: 'until-removed',
    heldByDeny: false,
    source: `${docs}/transfer/latest/APIReference/API_ImportSshPublicKey.html`,
  },
  {
    id: 'machine-activation',
    actions: ['ssm:CreateActivation'],
    makes: 'an activation by which machines join Systems Manager',
    lives: { sec: 30 * 86_400 },
    heldByDeny: false,
    source: `${docs}/systems-manager/latest/APIReference/API_CreateActivation.html`,
  },
] as const satisfies readonly LongerLivedMaker[];

export type LongerLivedId = (typeof all)[number]['id'];

export const longerLived: readonly (LongerLivedMaker & { id: LongerLivedId })[] = all;

export const longerLivedIds: readonly LongerLivedId[] = all.map(({ id }) => id);

/** What an entitlement lets its sessions make, with the reason why. */
export type Opened = Readonly<Partial<Record<LongerLivedId, string>>>;

export const makersIn = (opens: Opened = {}): readonly (LongerLivedMaker & { id: LongerLivedId })[] =>
  longerLived.filter(({ id }) => opens[id] !== undefined);

/**
 * For how long after its making something works that was made under these and that the deny on the role reaches, in
 * seconds; 0 where nothing is. A grant's deny has to stay for so long after the last of its credentials is dead.
 */
export const longestHeldSec = (opens: Opened = {}): number =>
  Math.max(
    0,
    ...makersIn(opens).map(({ heldByDeny, lives }) => (heldByDeny && lives !== 'until-removed' ? lives.sec : 0)),
  );
