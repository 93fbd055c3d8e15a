import type { Ports } from '#ports/ports.ts';
import { createAlertStore } from './aws/alert-store.ts';
import { createChainStore } from './aws/chain-store.ts';
import { createLedgerStore } from './aws/ledger-store.ts';
import { createLockdownStore } from './aws/lockdown-store.ts';
import { createLoginStore } from './aws/login-store.ts';
import { createOutbox } from './aws/outbox.ts';
import { createPostings } from './aws/postings.ts';
import { createReplyStore } from './aws/reply-store.ts';
import { createRequestStore } from './aws/request-store.ts';
import { createSecrets } from './aws/secrets.ts';
import { openTable, type Table } from './aws/table.ts';
import { createTargetRoles } from './aws/target-roles.ts';
import { createTaskTokens } from './aws/task-tokens.ts';
import { createTokenService } from './aws/token-service.ts';
import { createWorkflows } from './aws/workflows.ts';
import { createSlack } from './slack/web-api.ts';
import type { Maker, Workbench } from './surroundings.ts';

/*
 * How each port is made, under the port's name. A function imports those that it needs and the bundler leaves the rest out.
 */

const tables = new WeakMap<Workbench, Table>();

/** One client for all stores of a function. */
const tableOf = (bench: Workbench): Table => {
  const table = tables.get(bench) ?? openTable(bench.setting('DAYPASS_TABLE'), bench.aws);
  tables.set(bench, table);
  return table;
};

export const requests: Maker<Ports['requests']> = (bench) => createRequestStore(tableOf(bench));
export const chains: Maker<Ports['chains']> = (bench) => createChainStore(tableOf(bench));
export const ledgers: Maker<Ports['ledgers']> = (bench) => createLedgerStore(tableOf(bench), bench.clock);
export const taskTokens: Maker<Ports['taskTokens']> = (bench) => createTaskTokens(tableOf(bench), bench.clock);
export const postings: Maker<Ports['postings']> = (bench) => createPostings(tableOf(bench), bench.clock);
export const logins: Maker<Ports['logins']> = (bench) => createLoginStore(tableOf(bench));
export const replies: Maker<Ports['replies']> = (bench) => createReplyStore(tableOf(bench), bench.clock);
export const alerts: Maker<Ports['alerts']> = (bench) => createAlertStore(tableOf(bench));

export const lockdowns: Maker<Ports['lockdowns']> = (bench) => createLockdownStore(tableOf(bench));

export const outbox: Maker<Ports['outbox']> = (bench) =>
  createOutbox(tableOf(bench), { name: bench.setting('DAYPASS_BUS'), config: bench.aws }, bench.log);

const machineSettings = {
  'access-request': 'DAYPASS_ACCESS_REQUEST_ARN',
  'alert-response': 'DAYPASS_ALERT_RESPONSE_ARN',
  lockdown: 'DAYPASS_LOCKDOWN_ARN',
} as const;

export const workflows: Maker<Ports['workflows']> = (bench) =>
  createWorkflows((machine) => bench.setting(machineSettings[machine]), bench.aws);

export const targetRoles: Maker<Ports['targetRoles']> = (bench) =>
  createTargetRoles(bench.awsOfTargets, bench.policy, bench.clock);
export const tokenService: Maker<Ports['tokenService']> = (bench) => createTokenService(bench.awsOfTargets);

export const secrets: Maker<Ports['secrets']> = (bench) => createSecrets(bench.setting, bench.aws, bench.clock);

export const slack: Maker<Ports['slack']> = (bench) => {
  const { slackBotToken } = secrets(bench);
  return createSlack({ token: slackBotToken, apiUrl: bench.environment.SLACK_API_URL });
};
