/**
 * What one AWS service of the embedded stack is, seen from the endpoint in front of it. The endpoint reads the request,
 * verifies its signature, finds the caller, asks IAM, lets the service handle the call, writes the answer in the
 * service's own wire protocol and hands the completed call to CloudTrail.
 */

/** What STS fixed when it issued a role session; it never changes afterwards. */
export type RoleSession = {
  roleArn: string;
  roleName: string;
  /** `AROA…` */
  roleId: string;
  roleSessionName: string;
  issuedAtMs: number;
  expiresAtMs: number;
  /** Session tags over the role's own tags: what `aws:PrincipalTag/…` reads. */
  tags: Readonly<Record<string, string>>;
  transitiveTagKeys: readonly string[];
  sourceIdentity?: string;
  /** Inline session policies (JSON texts), each of which must allow. */
  sessionPolicies: readonly string[];
  /** How many of them GetScopedCredentials put on top; absent for none. */
  scopedPolicies?: number;
};

/** Who signed the call. */
export type Caller =
  | { kind: 'user'; accountId: string; arn: string; userId: string; userName: string; accessKeyId: string }
  | { kind: 'session'; accountId: string; arn: string; userId: string; accessKeyId: string; session: RoleSession };

export type AwsCall = {
  /** The service name of the SigV4 scope: `sts`, `iam`, `states`, `dynamodb`, `events`, `cloudtrail`. */
  service: string;
  region: string;
  /** The operation, for example `AssumeRole`. */
  action: string;
  /** The operation's input as its API reference names it (Query lists and maps already unfolded). */
  input: Readonly<Record<string, unknown>>;
  caller: Caller;
  sourceIp: string;
  userAgent: string;
  requestId: string;
  atMs: number;
};

/** One permission a call needs, as IAM would be asked. */
export type Need = { action: string; resource: string; context?: Readonly<Record<string, string | readonly string[]>> };

export type AwsService = {
  /** What IAM must allow before `handle` runs. Empty where the service decides by itself (STS). */
  needs(call: AwsCall): readonly Need[];
  /** Does it. Throws `AwsError` for every refusal that the real service documents. */
  handle(call: AwsCall): Promise<Record<string, unknown>>;
};

/** A service's refusal, in the words of its API reference. */
export class AwsError extends Error {
  /** For example `AccessDenied`, `NoSuchEntity`, `ExecutionAlreadyExists`. */
  readonly code: string;
  readonly httpStatus: number;
  /** Further members of a JSON error body, for example `CancellationReasons`. */
  readonly detail: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, httpStatus = 400, detail: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.httpStatus = httpStatus;
    this.detail = detail;
  }
}

/** A call that was answered, as CloudTrail gets to see it. Exactly one of `output` and `error` is there. */
export type CompletedCall = AwsCall &
  ({ output: Record<string, unknown> } | { error: { code: string; message: string } });
