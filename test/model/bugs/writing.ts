import { addSec } from '#core/instant.ts';
import type { Bug } from './bug.ts';

export const noLease: Bug = {
  name: 'forgets the lease',
  breaks: 'two writers at once put an older document over a newer one',
  ports: (ports) => ({
    ...ports,
    ledgers: {
      ...ports.ledgers,
      acquire: async (roleArn, _, proposing = []) => {
        for (const entry of proposing) await ports.ledgers.propose(roleArn, entry);
        return { fence: 1, ledger: await ports.ledgers.get(roleArn) };
      },
      release: async () => {},
      record: async (roleArn, { entriesVersion: appliedVersion, digest: appliedDigest }, _, denied) => {
        const ledger = await ports.ledgers.get(roleArn);
        if (ledger.appliedVersion > appliedVersion) return denied;
        await ports.ledgers.save({ ...ledger, version: ledger.version + 1, appliedVersion, appliedDigest });
        return denied;
      },
    },
  }),
};

export const noReadBack: Bug = {
  name: 'skips the read-back',
  breaks: 'a write that somebody undid, or that never took place, counts as done',
  ports: (ports) => {
    const written = new Map<string, string>();
    return {
      ...ports,
      targetRoles: {
        ...ports.targetRoles,
        writeDeny: async (roleArn, document) => {
          const answer = await ports.targetRoles.writeDeny(roleArn, document);
          if (answer === 'written') written.set(roleArn, document);
          return answer;
        },
        readDeny: async (roleArn) => written.get(roleArn) ?? ports.targetRoles.readDeny(roleArn),
      },
    };
  },
};

export const forgetsEarly: Bug = {
  name: 'removes an entry at revocation instead of expiry',
  breaks: 'the next revocation on the role sets the one before free',
  ports: (ports) => ({
    ...ports,
    ledgers: {
      ...ports.ledgers,
      save: (ledger) =>
        ports.ledgers.save({
          ...ledger,
          entries: ledger.entries.filter((_, index) => index === ledger.entries.length - 1),
        }),
    },
  }),
};

export const forgetsConsole: Bug = {
  name: 'lets the deny of a strange session go with its credentials',
  breaks: 'the console session that was made of it works again, for hours',
  ports: (ports) => ({
    ...ports,
    ledgers: {
      ...ports.ledgers,
      acquire: (roleArn, forSec, proposing = []) =>
        ports.ledgers.acquire(
          roleArn,
          forSec,
          proposing.map((entry) =>
            'userId' in entry ? { ...entry, coversUntil: addSec(entry.revokedAt, 3_600) } : entry,
          ),
        ),
    },
  }),
};

export const swallows: Bug = {
  name: 'swallows what IAM refuses',
  breaks: 'a revocation that failed counts as done',
  ports: (ports) => {
    const wanted = new Map<string, string>();
    return {
      ...ports,
      targetRoles: {
        ...ports.targetRoles,
        writeDeny: async (roleArn, document) => {
          wanted.set(roleArn, document);
          return ports.targetRoles.writeDeny(roleArn, document).catch(() => 'written' as const);
        },
        readDeny: async (roleArn) => wanted.get(roleArn) ?? ports.targetRoles.readDeny(roleArn).catch(() => undefined),
      },
    };
  },
};
