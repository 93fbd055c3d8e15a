import * as z from 'zod/mini';
import { chains, ledgers, lockdowns, outbox, requests, targetRoles, workflows } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { busHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { type SettleLockdownPorts, settleLockdown } from '#usecases/lockdown/settle-lockdown.ts';
import { type SettleRequestPorts, settleRequest } from '#usecases/sweep/settle-request.ts';

/** docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const execution = z.object({ name: z.string(), stateMachineArn: z.string() });

/** An execution failed, was stopped or timed out: what it left behind of its request or lockdown is ended at once. */
export const build = (ports: SettleRequestPorts & SettleLockdownPorts) =>
  busHandler(async ({ detail }) => {
    const { name, stateMachineArn } = execution.parse(detail);
    if (stateMachineArn.endsWith(':stateMachine:lockdown')) await settleLockdown({ lockdownId: name }, ports);
    else await settleRequest({ requestId: name }, ports);
  });

export const handler = lazily(() =>
  build(production({ requests, outbox, chains, ledgers, targetRoles, lockdowns, workflows })),
);
