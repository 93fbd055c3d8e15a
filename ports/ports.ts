import type { AlertStore } from './alert-store.ts';
import type { Clock } from './clock.ts';
import type { Ids } from './ids.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { Log } from './log.ts';
import type { LoginStore } from './login-store.ts';
import type { Outbox } from './outbox.ts';
import type { Pause } from './pause.ts';
import type { PolicySource } from './policy-source.ts';
import type { ReplyStore } from './reply-store.ts';
import type { RequestStore } from './request-store.ts';
import type { Postings, Slack } from './slack.ts';
import type { TargetRoles } from './target-role.ts';
import type { TokenService } from './token-service.ts';
import type { TaskTokens, Workflows } from './workflows.ts';

/** Everything outside that Daypass uses. A use case says by `Pick` which of them it needs. */
export type Ports = {
  clock: Clock;
  pause: Pause;
  ids: Ids;
  log: Log;
  policy: PolicySource;
  requests: RequestStore;
  outbox: Outbox;
  ledgers: LedgerStore;
  targetRoles: TargetRoles;
  tokenService: TokenService;
  workflows: Workflows;
  taskTokens: TaskTokens;
  slack: Slack;
  postings: Postings;
  logins: LoginStore;
  replies: ReplyStore;
  alerts: AlertStore;
};
