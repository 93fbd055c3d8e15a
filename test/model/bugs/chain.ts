import type { MintedSoFar } from '#core/grant/minted.ts';
import { useCases } from '../does.ts';
import type { ModelPorts } from '../instrument.ts';
import { chainRoles } from '../policy.ts';
import type { Bug } from './bug.ts';
import { writing } from './deny.ts';

type Asked = { roleArn?: string; incomingTransitiveTags?: Readonly<Record<string, string>> };
const askedIn = (event: unknown): Asked => (event as { detail: { requestParameters: Asked } }).detail.requestParameters;
const grantOf = (event: unknown): string => askedIn(event).incomingTransitiveTags?.['daypass:grant'] ?? '';
const intoOf = (event: unknown): string | undefined => askedIn(event).roleArn;

/** The roles at which sessions arrive that went on. */
const isFurtherOn = (roleArn: string): boolean => roleArn === chainRoles.second || roleArn === chainRoles.third;

export const lateIsNothing: Bug = {
  name: 'drops the record of a session whose grant has ended',
  breaks: 'what went on just before the end lives its hour',
  does: {
    detect: async (event, ports) => {
      const request = await ports.requests.get(grantOf(event));
      return request?.status === 'ended' ? [] : useCases.detect(event, ports);
    },
  },
};

export const firstStepOnly: Bug = {
  name: 'follows the first step of a chain only',
  breaks: 'a session two roles deep lives on',
  does: {
    detect: async (event, ports) => (intoOf(event) === chainRoles.third ? [] : useCases.detect(event, ports)),
  },
};

type Deny = Parameters<Parameters<typeof writing>[0]>[0][number];
const sameWay = ({ Condition: { DateLessThan }, ...rest }: Deny): Deny => ({
  ...rest,
  Condition: { DateLessThan, StringEquals: { 'aws:PrincipalTag/daypass:entitlement': 'orders-admin' } },
});

export const denyByEntitlement: Bug = {
  name: 'denies everybody who came the same way',
  breaks: 'ending one grant ends the sessions of others on the roles further on',
  ports: writing((statements, { roleArn }) =>
    statements.map((each) => (each.Sid === 'DaypassGrants' && isFurtherOn(roleArn) ? sameWay(each) : each)),
  ),
};

export const coversNothing: Bug = {
  name: 'lets a chain’s entry go with the revocation',
  breaks: 'a session that went on works again minutes after it was denied',
  ports: (ports) => ({
    ...ports,
    ledgers: {
      ...ports.ledgers,
      acquire: (roleArn, forSec, proposing = []) => {
        const short = proposing.map((entry) => ({ ...entry, coversUntil: entry.revokedAt }));
        return ports.ledgers.acquire(roleArn, forSec, isFurtherOn(roleArn) ? short : proposing);
      },
    },
  }),
};

const withoutReach = ({ reach: _, ...minted }: MintedSoFar): MintedSoFar => minted;

/** What each mint wrote down of where its session may go on to is read by nobody. */
const unread = (requests: ModelPorts['requests']): ModelPorts['requests'] => ({
  ...requests,
  get: async (id) => {
    const request = await requests.get(id);
    return request?.minted ? { ...request, minted: withoutReach(request.minted) } : request;
  },
});

export const endsWhatWasTold: Bug = {
  name: 'ends a chain only where CloudTrail told of it',
  breaks: 'a session whose record is late or lost works under a grant that has ended',
  ports: (ports) => ({ ...ports, requests: unread(ports.requests) }),
};

export const namesFirstOnly: Bug = {
  name: 'denies the first role alone that a session may go on to',
  breaks: 'what went two roles deep unseen works under a grant that has ended',
  ports: (ports) => ({
    ...ports,
    requests: {
      ...ports.requests,
      get: async (id) => {
        const request = await ports.requests.get(id);
        const { reach } = request?.minted ?? {};
        if (!request?.minted || !reach) return request;
        return { ...request, minted: { ...request.minted, reach: { ...reach, into: reach.into.slice(0, 1) } } };
      },
    },
  }),
};

export const endsAlone: Bug = {
  name: 'ends the grant without its chain',
  breaks: 'the grant counts as ended while what went on from it works',
  does: {
    revokeSessions: (which, ports) =>
      useCases.revokeSessions(which, {
        ...ports,
        requests: unread(ports.requests),
        chains: { ...ports.chains, ofGrant: async () => [] },
      }),
  },
};

export const readsTooEarly: Bug = {
  name: 'reads the chain before it saves the end',
  breaks: 'what goes on record in between is seen by nobody until the next sweep',
  does: {
    revokeLocked: async (what, ports) => {
      const early = new Map(what.subjects.map((id) => [id, ports.chains.ofGrant(id)]));
      const ofGrant: typeof ports.chains.ofGrant = (id) => early.get(id) ?? ports.chains.ofGrant(id);
      return useCases.revokeLocked(what, { ...ports, chains: { ...ports.chains, ofGrant } });
    },
  },
};
