/** What a function is, as data: read by `serverless.ts`, the embedded stack and the tests. */
export type FunctionConfig = {
  /** Also the name of its folder; its role is `daypass-<name>` in the hub. */
  name: string;
  /** One sentence: what it is for. */
  description: string;
  trigger: Trigger;
  environment: readonly EnvironmentName[];
  /** Everything its role may do. `${…}` tokens are filled by `substitute()`. */
  statements: readonly PermissionStatement[];
  timeoutSec: number;
  memoryMb: number;
};

export type Trigger =
  /** A Task of a state machine. */
  | { kind: 'task' }
  /** An EventBridge rule of `events/rules` names it as its target. */
  | { kind: 'event' }
  /** Routes of the HTTP API, each a method and a path: `POST /slack/events`. */
  | { kind: 'http'; routes: readonly string[] }
  /** Runs on a schedule; `event` rules may name it too. */
  | { kind: 'schedule'; everySec: number };

/** What a role may do. A test fails on whatever of it no end-to-end test needs (`test/permissions`). */
export type PermissionStatement = {
  /** Whole names, no `*`. */
  actions: readonly string[];
  resources: readonly string[];
  /** Only items of these partition keys (`REQUEST#*`): the condition `dynamodb:LeadingKeys`. */
  leadingKeys?: readonly string[];
  /** Why a resource is `*` or in whatever account. */
  wideBecause?: string;
  /** Why no end-to-end test can use any of it. */
  untestedBecause?: string;
};

export type EnvironmentName =
  | 'DAYPASS_TABLE'
  | 'DAYPASS_BUS'
  | 'DAYPASS_POLICY'
  | 'DAYPASS_URL'
  | 'DAYPASS_ACCESS_REQUEST_ARN'
  | 'DAYPASS_ALERT_RESPONSE_ARN'
  | 'SLACK_BOT_TOKEN_PARAMETER'
  | 'SLACK_SIGNING_SECRET_PARAMETER';

/** Reads and writes of the one table, with its indexes. */
export const tableStatement: PermissionStatement = {
  actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:Query'],
  resources: ['${table-arn}', '${table-arn}/index/*'],
};

export const publishStatement: PermissionStatement = { actions: ['events:PutEvents'], resources: ['${bus-arn}'] };
