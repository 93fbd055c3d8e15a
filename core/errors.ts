/** What the one who sees an error should do. One table maps it to the ASL retry, the HTTP status and the Slack text. */
export type Remedy = 'fix-the-request' | 'retry-later' | 'call-an-operator';

/** The names are wire format: `ErrorEquals` in the state machines matches them. */
export type ErrorName =
  | 'InvalidInput'
  | 'NotFound'
  | 'RequestClosed'
  | 'RequestPending'
  | 'GrantExtended'
  | 'VersionConflict'
  | 'LimitReached'
  | 'StoreUnavailable'
  | 'StoreRefused'
  | 'RoleBusy'
  | 'RoleUnavailable'
  | 'DenyNotInForce'
  | 'CredentialsUnavailable'
  | 'CredentialsRefused'
  | 'WorkflowUnavailable'
  | 'SlackUnavailable'
  | 'SecretUnavailable'
  | 'PolicyUnreadable'
  | 'SettingMissing';

const remedies: Readonly<Record<ErrorName, Remedy>> = {
  InvalidInput: 'fix-the-request',
  NotFound: 'fix-the-request',
  RequestClosed: 'fix-the-request',
  RequestPending: 'fix-the-request',
  GrantExtended: 'fix-the-request',
  VersionConflict: 'retry-later',
  LimitReached: 'retry-later',
  StoreUnavailable: 'retry-later',
  StoreRefused: 'call-an-operator',
  RoleBusy: 'retry-later',
  RoleUnavailable: 'retry-later',
  DenyNotInForce: 'retry-later',
  CredentialsUnavailable: 'retry-later',
  CredentialsRefused: 'call-an-operator',
  WorkflowUnavailable: 'retry-later',
  SlackUnavailable: 'retry-later',
  SecretUnavailable: 'retry-later',
  PolicyUnreadable: 'call-an-operator',
  SettingMissing: 'call-an-operator',
};

/** Every exception of Daypass. The message is for people: what happened, to what, and what to do next. */
export class DaypassError extends Error {
  override readonly name: ErrorName;
  readonly remedy: Remedy;
  constructor(name: ErrorName, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = name;
    this.remedy = remedies[name];
  }
}

export const errorNames: readonly ErrorName[] = Object.keys(remedies) as ErrorName[];

export const isDaypassError = (error: unknown, name?: ErrorName): error is DaypassError =>
  error instanceof DaypassError && (name === undefined || error.name === name);
