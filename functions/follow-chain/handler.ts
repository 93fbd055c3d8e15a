import { alerts, chains, ledgers, lockdowns, outbox, requests, targetRoles } from '#adapters/port-factories.ts';
import { production } from '#adapters/production.ts';
import { chainToFollow } from '#events/routing.ts';
import { eventHandler } from '#functions/middy/event.ts';
import { lazily } from '#functions/middy/lazily.ts';
import { followChain } from '#usecases/chain/follow-chain.ts';

/** A session went on to another role. Idempotent; an error makes the event come again. */
export const build = (ports: Parameters<typeof followChain>[1]) =>
  eventHandler(async (event) => {
    const chain = chainToFollow(event);
    if (chain) await followChain(chain, ports);
  });

export const handler = lazily(() =>
  build(production({ requests, outbox, chains, ledgers, targetRoles, alerts, lockdowns })),
);
