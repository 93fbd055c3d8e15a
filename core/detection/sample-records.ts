/**
 * CloudTrail records as EventBridge hands them over, for samples of detections and rules. Fields as CloudTrail
 * documents them.
 */
type Fields = Readonly<Record<string, unknown>>;

export const iamUser = (accountId: string, name: string): Fields => ({
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLEUSER000001',
  arn: `arn:aws:iam::${accountId}:user/${name}`,
  accountId,
  accessKeyId: 'AKIAEXAMPLEKEY000001',
  userName: name,
});

export const roleSession = (
  accountId: string,
  roleName: string,
  sessionName: string,
  context: Fields = {},
): Fields => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLEROLE00001:${sessionName}`,
  arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
  accountId,
  accessKeyId: 'ASIAEXAMPLEKEY000002',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEROLE00001',
      arn: `arn:aws:iam::${accountId}:role/${roleName}`,
      accountId,
      userName: roleName,
    },
    attributes: { creationDate: '2026-11-22T10:00:00Z', mfaAuthenticated: 'false' },
    ...context,
  },
});

/** What CloudTrail writes in the place of a member above 100 KB. */
export const omitted: Fields = { omitted: true, originalSize: 131_072, reason: 'request size exceeded limit' };

/** An event of `aws.<service>` with one record; `record` adds to the usual fields or replaces them. */
export const trailSample = (service: string, eventName: string, accountId: string, record: Fields): Fields => ({
  version: '0',
  id: 'f2b0c1de-0000-4000-8000-000000000001',
  'detail-type': 'AWS API Call via CloudTrail',
  source: `aws.${service}`,
  account: accountId,
  time: '2026-11-22T10:05:00Z',
  region: 'us-east-1',
  resources: [],
  detail: {
    eventVersion: '1.11',
    eventTime: '2026-11-22T10:05:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.7',
    userAgent: 'aws-cli/2.31.0',
    eventID: '0f0e0d0c-0000-4000-8000-000000000002',
    eventType: 'AwsApiCall',
    managementEvent: true,
    readOnly: false,
    recipientAccountId: accountId,
    requestParameters: null,
    responseElements: null,
    ...record,
  },
});
