import { isOpen } from '#core/chain/chained-role.ts';
import type { ChainStore } from '#ports/chain-store.ts';
import { copy, type Memory, mustFollow } from './memory.ts';

/** What `adapters/aws/chain-store.ts` is on DynamoDB. `test/contract/stores.test.ts` holds the two to the same. */
export const memoryChains = ({ chains, outbox }: Memory): ChainStore => ({
  ofGrant: async (grantId) =>
    [...chains.values()]
      .filter((role) => role.grantId === grantId)
      .sort((one, other) => (one.roleArn < other.roleArn ? -1 : 1))
      .map(copy),
  save: async ({ role, events }) => {
    const key = `${role.grantId} ${role.roleArn}`;
    mustFollow(`The chain of grant ${role.grantId}`, chains.get(key)?.version ?? 0, role.version);
    chains.set(key, copy(role));
    for (const event of events) outbox.set(event.detail.eventId, copy(event));
  },
  open: async () => [...chains.values()].filter(isOpen).map(copy),
});
