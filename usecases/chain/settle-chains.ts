import { type FollowPorts, followChain } from './follow-chain.ts';

/**
 * Goes on with the roles into which sessions went and that nobody has denied since their grant ended. Returns the ids
 * of the grants that it looked at. One grant's trouble does not keep the others waiting.
 */
export const settleChains = async (ports: FollowPorts): Promise<string[]> => {
  const mended: string[] = [];
  const { lockdowns } = await ports.lockdowns.register();
  for (const grantId of new Set((await ports.chains.open()).map((role) => role.grantId))) {
    try {
      if (await settle(grantId, lockdowns.length > 0, ports)) mended.push(grantId);
    } catch (error) {
      ports.log.error('Sessions that went on to another role could not be ended; it is tried again.', {
        requestId: grantId,
        error: String(error),
      });
    }
  }
  return mended;
};

/**
 * A grant that is ending is the business of its workflow and of the sweeper; one that lives is, as long as nothing is
 * locked down.
 */
const settle = async (grantId: string, isAnythingLocked: boolean, ports: FollowPorts): Promise<boolean> => {
  const request = await ports.requests.get(grantId);
  const isOver = request?.status === 'ended';
  if (isOver || (request?.status === 'active' && isAnythingLocked)) await followChain({ requestId: grantId }, ports);
  return isOver;
};
