import { useCases } from '../does.ts';
import type { ModelPorts } from '../instrument.ts';
import type { Bug } from './bug.ts';

const blind = (ports: ModelPorts): ModelPorts => ({
  ...ports,
  lockdowns: { ...ports.lockdowns, register: async () => ({ version: 0, lockdowns: [] }) },
});

export const blindMint: Bug = {
  name: 'mints without a look at the lockdowns',
  breaks: 'a grant of somebody who is locked down hands out credentials',
  does: { mintCredentials: (who, ports) => useCases.mintCredentials(who, blind(ports as ModelPorts)) },
};

export const blindAsk: Bug = {
  name: 'asks without a look at the lockdowns',
  breaks: 'somebody who is locked down is granted something new',
  does: {
    submitRequest: (what, ports) => useCases.submitRequest(what, blind(ports as ModelPorts)),
    activateGrant: (which, ports) => useCases.activateGrant(which, blind(ports as ModelPorts)),
  },
};

/** The slice is read as one of a lockdown of the whole account, with everything live that is in it. */
export const tooWide: Bug = {
  name: 'locks more down than was asked for',
  breaks: 'the grants of others end as well',
  does: {
    revokeLocked: async ({ lockdownId, subjects }, ports) => {
      const others = (await ports.requests.withStatus('active')).map(({ id }) => id);
      const ofAccount: typeof ports.lockdowns.get = async (id) => {
        const lockdown = await ports.lockdowns.get(id);
        return lockdown && { ...lockdown, scope: { kind: 'account', accountId: '222222222222' } };
      };
      const all = [...new Set([...subjects, ...others])];
      return useCases.revokeLocked(
        { lockdownId, subjects: all },
        { ...ports, lockdowns: { ...ports.lockdowns, get: ofAccount } },
      );
    },
  },
};

export const endsWithoutDeny: Bug = {
  name: 'ends a locked grant without its deny',
  breaks: 'the sessions of a person who is locked down live on',
  does: {
    revokeLocked: (what, ports) => {
      const full = ports as ModelPorts;
      const targetRoles = { ...full.targetRoles, writeDeny: async () => 'role-gone' as const };
      return useCases.revokeLocked(what, { ...full, targetRoles });
    },
  },
};

export const leavesDenied: Bug = {
  name: 'leaves what a lifted lockdown had denied',
  breaks: 'a grant lives for which nothing that is minted works',
  does: {
    sweep: (ports) => {
      const all = async () => (await ports.ledgers.all()).map((ledger) => ({ ...ledger, entries: [] }));
      return useCases.sweep({ ...ports, ledgers: { ...ports.ledgers, all } });
    },
  },
};
