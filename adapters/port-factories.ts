import type { Ports } from '#ports/ports.ts';
import type { Slack } from '#slack/ports.ts';
import { createAlertStore } from './aws/alert-store.ts';
import { createCanaries } from './aws/canary-store.ts';
import { createChainStore } from './aws/chain-store.ts';
import { createLedgerStore } from './aws/ledger-store.ts';
import { createLockdownStore } from './aws/lockdown-store.ts';
import { createLoginStore } from './aws/login-store.ts';
import { createOutbox } from './aws/outbox.ts';
import { createPostings } from './aws/postings.ts';
import { createReplyStore } from './aws/reply-store.ts';
import { createRequestStore } from './aws/request-store.ts';
import { createSecrets } from './aws/secrets.ts';
import { createSeenRoles } from './aws/seen-roles.ts';
import { createSessionStore } from './aws/session-store.ts';
import { openTable, type Table } from './aws/table.ts';
import { createTargetRoles } from './aws/target-roles.ts';
import { createTaskTokens } from './aws/task-tokens.ts';
import { createTokenService } from './aws/token-service.ts';
import { createWorkflows } from './aws/workflows.ts';
import type { PortContext, PortFactory } from './runtime.ts';
import { createSlack } from './slack/web-api.ts';

/*
 * How each port is made, under the port's name. A function imports those that it needs and the bundler leaves the rest
 * out.
 */

const tables = new WeakMap<PortContext, Table>();

/** One client for all stores of a function. */
const tableOf = (context: PortContext): Table => {
  const table = tables.get(context) ?? openTable(context.setting('DAYPASS_TABLE'), context.aws);
  tables.set(context, table);
  return table;
};

export const requests: PortFactory<Ports['requests']> = (context) => createRequestStore(tableOf(context));
export const sessions: PortFactory<Ports['sessions']> = (context) => createSessionStore(tableOf(context));
export const canaries: PortFactory<Ports['canaries']> = (context) => createCanaries(tableOf(context));
export const chains: PortFactory<Ports['chains']> = (context) => createChainStore(tableOf(context));
export const ledgers: PortFactory<Ports['ledgers']> = (context) => createLedgerStore(tableOf(context), context.clock);
export const taskTokens: PortFactory<Ports['taskTokens']> = (context) =>
  createTaskTokens(tableOf(context), context.clock);
export const postings: PortFactory<Ports['postings']> = (context) => createPostings(tableOf(context), context.clock);
export const logins: PortFactory<Ports['logins']> = (context) => createLoginStore(tableOf(context));
export const replies: PortFactory<Ports['replies']> = (context) => createReplyStore(tableOf(context), context.clock);
export const alerts: PortFactory<Ports['alerts']> = (context) => createAlertStore(tableOf(context));

export const seenRoles: PortFactory<Ports['seenRoles']> = (context) => createSeenRoles(tableOf(context));

export const lockdowns: PortFactory<Ports['lockdowns']> = (context) => createLockdownStore(tableOf(context));

export const outbox: PortFactory<Ports['outbox']> = (context) =>
  createOutbox(
    tableOf(context),
    { name: context.setting('DAYPASS_BUS'), config: context.aws },
    context.log,
    context.clock,
  );

const machineSettings = {
  'access-request': 'DAYPASS_ACCESS_REQUEST_ARN',
  'alert-response': 'DAYPASS_ALERT_RESPONSE_ARN',
  lockdown: 'DAYPASS_LOCKDOWN_ARN',
} as const;

export const workflows: PortFactory<Ports['workflows']> = (context) =>
  createWorkflows((machine) => context.setting(machineSettings[machine]), context.aws);

export const targetRoles: PortFactory<Ports['targetRoles']> = (context) =>
  createTargetRoles(context.awsOfTargets, context.policy, context.clock);
export const tokenService: PortFactory<Ports['tokenService']> = (context) => createTokenService(context.awsOfTargets);

export const secrets: PortFactory<Ports['secrets']> = (context) =>
  createSecrets(context.setting, context.aws, context.clock);

export const slack: PortFactory<Slack> = (context) => {
  const { slackBotToken } = secrets(context);
  return createSlack({
    token: slackBotToken,
    apiUrl: context.environment.SLACK_API_URL,
    clock: context.clock,
    log: context.log,
  });
};
