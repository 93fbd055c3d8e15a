import { covers } from '#core/lockdown/lockdown.ts';
import { changed } from '#core/request/change.ts';
import type { AccessRequest, Vote } from '#core/request/request.ts';
import { mayBeStruck } from '#core/request/strike.ts';
import type { Ports } from '#ports/ports.ts';
import { useCases } from '../does.ts';
import type { Bug } from './bug.ts';

/** Sees the lockdowns that are to the request, and none that is to those who approved it. */
const seesOwnOnly = async <P extends Pick<Ports, 'requests' | 'lockdowns'>>(
  requestId: string,
  ports: P,
): Promise<P> => {
  const request = await ports.requests.get(requestId);
  const register: Ports['lockdowns']['register'] = async () => {
    const { version, lockdowns } = await ports.lockdowns.register();
    return { version, lockdowns: lockdowns.filter(({ scope }) => request && covers(scope, request)) };
  };
  return { ...ports, lockdowns: { ...ports.lockdowns, register } };
};

export const activatesOnLocked: Bug = {
  name: 'activates by the votes of people who are locked down',
  breaks: 'a window opens because of whoever has the laptop of an approver',
  does: {
    activateGrant: async (which, ports) => useCases.activateGrant(which, await seesOwnOnly(which.requestId, ports)),
  },
};

export const mintsOnLocked: Bug = {
  name: 'mints by the votes of people who are locked down',
  breaks: 'a live grant hands out more before anybody else has said yes',
  does: {
    mintCredentials: async (who, ports) => useCases.mintCredentials(who, await seesOwnOnly(who.requestId, ports)),
  },
};

const unstruck = ({ struck: _, ...vote }: Vote): Vote => vote;

export const takesVotesBack: Bug = {
  name: 'lets struck votes count again at the lift',
  breaks: 'what somebody else voted with a stolen laptop opens a window after all',
  does: {
    liftLockdown: async (what, ports) => {
      const outcome = await useCases.liftLockdown(what, ports);
      const { requests } = ports as unknown as Pick<Ports, 'requests'>;
      const open = (await Promise.all([requests.withStatus('pending'), requests.withStatus('active')])).flat();
      for (const request of open.filter(mayBeStruck)) {
        if (!request.votes.some(({ struck }) => struck)) continue;
        const next = { ...request, votes: request.votes.map(unstruck) };
        await requests.save(changed<AccessRequest>(request, next, { name: 'votes.struck', at: request.askedAt }));
      }
      return outcome;
    },
  },
};
