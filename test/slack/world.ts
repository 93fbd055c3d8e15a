import { createHmac } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { Policy } from '#core/policy/policy.ts';
import type { DomainEvent } from '#events/events.ts';
import { build } from '#functions/slack-events/handler.ts';
import { type TurnableClock, turnableClock } from '#local/clock.ts';
import type { PortsWithSlack } from '#slack/ports.ts';
import { samplePolicy } from '#test/kit/policy.ts';
import { tableStores } from '#test/kit/stores/table-stores.ts';
import { startTable } from '#test/kit/table.ts';
import { unused } from '#test/kit/unused.ts';
import { openWorld } from '#test/kit/world.ts';
import { type MemorySlack, memorySlack } from './memory-slack.ts';

export const signingSecret = 'signing-secret-of-the-tests';

/** The policy of `access.yaml`: alice asks, bob and carol approve, dave may nothing. */
export const policy: Policy = samplePolicy();

export type Answer = { status: number; body: string; json: Record<string, unknown> };
export type Signed = { headers: Record<string, string>; body: string };

export type World = {
  ports: PortsWithSlack;
  clock: TurnableClock;
  slack: MemorySlack;
  /** What was published, oldest first. */
  events: DomainEvent[];
  logged(): string;
  /** Replaces the policy in force; undefined makes it unreadable. */
  govern(policy: Policy | undefined): void;
  /** Every item of the table, as text. */
  stored(): Promise<string>;
  /** Signs as Slack does, now or `skewSec` away from now. */
  sign(body: string, skewSec?: number): Signed;
  /** Sends a signed request to the deployed handler. */
  send(signed: Signed): Promise<Answer>;
  /** `/access <text>` as that Slack user. */
  command(text: string, slackUserId?: string, more?: Record<string, string>): Promise<Answer>;
  /** A click on a button. */
  click(action: string, value: string, slackUserId?: string, more?: Record<string, unknown>): Promise<Answer>;
  submit(
    view: { callback_id?: string; private_metadata?: string },
    values: Record<string, object>,
    slackUserId?: string,
  ): Promise<Answer>;
  stop(): Promise<void>;
};

export const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
export const payload = (value: object): string => form({ payload: JSON.stringify(value) });

export const eventOf = ({ headers, body }: Signed): APIGatewayProxyEventV2 =>
  ({
    version: '2.0',
    routeKey: 'POST /slack/events',
    rawPath: '/slack/events',
    rawQueryString: '',
    headers,
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    requestContext: { http: { method: 'POST', path: '/slack/events' } },
  }) as unknown as APIGatewayProxyEventV2;

/**
 * Slack's surface as it is deployed, over the real stores on an embedded table; the bus is a list, Slack is in memory.
 */
export const startWorld = async (clock: TurnableClock = turnableClock()): Promise<World> => {
  const { table, stop } = await startTable();
  const slack = memorySlack();
  let isReadable = true;
  const kit = openWorld({ policy, clock, stores: tableStores(table) });
  const { current } = kit.ports.policy;
  const ports: PortsWithSlack = {
    ...kit.ports,
    metrics: unused('metrics'),
    policy: {
      current: async () => {
        if (isReadable) return current();
        throw new Error('secret detail of the policy file');
      },
    },
    slack: slack.port,
    secrets: { slackBotToken: unused('the bot token'), slackSigningSecret: async () => signingSecret },
    chains: unused('chains'),
    ledgers: unused('ledgers'),
    targetRoles: unused('targetRoles'),
    tokenService: unused('tokenService'),
    workflows: unused('workflows'),
    taskTokens: unused('taskTokens'),
  };
  const handler = build(ports);
  let nonce = 0;
  const world: World = {
    ports,
    clock,
    slack,
    events: kit.published,
    logged: kit.logged,
    govern: (next) => {
      isReadable = next !== undefined;
      if (next) kit.govern(next);
    },
    stored: async () => {
      return JSON.stringify((await table.client.send(new ScanCommand({ TableName: table.name }))).Items);
    },
    sign: (body, skewSec = 0) => {
      const timestamp = String(Math.floor(clock.nowMs() / 1000) + skewSec);
      const digest = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
      return {
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${digest}`,
        },
      };
    },
    send: async (signed) => {
      const { statusCode = 0, body = '' } = await handler(eventOf(signed), {} as Context);
      return {
        status: statusCode,
        body,
        json: body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {},
      };
    },
    command: (text, slackUserId = 'U0ALICE', more = {}) =>
      world.send(
        world.sign(
          form({
            command: '/access',
            text,
            team_id: 'T0DAYPASS',
            user_id: slackUserId,
            channel_id: 'C0ACCESS',
            // Slack's trigger ids differ from request to request, so no two bodies are the same.
            trigger_id: `trigger-${++nonce}`,
            response_url: 'http://127.0.0.1:9/never-called',
            ...more,
          }),
        ),
      ),
    click: (action, value, slackUserId = 'U0BOB', more = {}) =>
      world.send(
        world.sign(
          payload({
            type: 'block_actions',
            team: { id: 'T0DAYPASS' },
            user: { id: slackUserId, team_id: 'T0DAYPASS' },
            channel: { id: 'C0ACCESS' },
            trigger_id: `trigger-${++nonce}`,
            actions: [{ type: 'button', block_id: 'request', action_id: action, value }],
            ...more,
          }),
        ),
      ),
    submit: (view, values, slackUserId = 'U0ALICE') =>
      world.send(
        world.sign(
          payload({
            type: 'view_submission',
            team: { id: 'T0DAYPASS' },
            user: { id: slackUserId, team_id: 'T0DAYPASS' },
            trigger_id: `trigger-${++nonce}`,
            view: {
              type: 'modal',
              callback_id: view.callback_id,
              private_metadata: view.private_metadata,
              state: { values },
            },
          }),
        ),
      ),
    stop,
  };
  return world;
};
