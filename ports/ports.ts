import type { AlertStore } from './alert-store.ts';
import type { Canaries } from './canaries.ts';
import type { ChainStore } from './chain-store.ts';
import type { Postings } from './chat.ts';
import type { Clock } from './clock.ts';
import type { Ids } from './ids.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { LockdownStore } from './lockdown-store.ts';
import type { Log } from './log.ts';
import type { LoginStore } from './login-store.ts';
import type { Metrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import type { Pause } from './pause.ts';
import type { PolicySource } from './policy-source.ts';
import type { ReplyStore } from './reply-store.ts';
import type { RequestStore } from './request-store.ts';
import type { Secrets } from './secrets.ts';
import type { SeenRoles } from './seen-roles.ts';
import type { SessionStore } from './session-store.ts';
import type { TargetRoles } from './target-role.ts';
import type { TokenService } from './token-service.ts';
import type { TaskTokens, Workflows } from './workflows.ts';

/**
 * Everything outside that Daypass uses, but for the chat: each brings its own (`slack/ports.ts`). A use case says by
 * `Pick` which of them it needs.
 */
export type Ports = {
  clock: Clock;
  pause: Pause;
  ids: Ids;
  log: Log;
  metrics: Metrics;
  policy: PolicySource;
  requests: RequestStore;
  sessions: SessionStore;
  outbox: Outbox;
  chains: ChainStore;
  canaries: Canaries;
  ledgers: LedgerStore;
  targetRoles: TargetRoles;
  seenRoles: SeenRoles;
  tokenService: TokenService;
  workflows: Workflows;
  taskTokens: TaskTokens;
  secrets: Secrets;
  postings: Postings;
  logins: LoginStore;
  replies: ReplyStore;
  alerts: AlertStore;
  lockdowns: LockdownStore;
};
