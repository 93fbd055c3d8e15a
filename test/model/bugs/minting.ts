import { roleArnOf } from '#core/aws-role.ts';
import { intendSession, isLive, recordSession } from '#core/grant/grant.ts';
import { sessionNameOf } from '#core/grant/session-name.ts';
import { sessionPolicy } from '#core/grant/session-policy.ts';
import { toIso } from '#core/instant.ts';
import { notFound } from '#core/refusal.ts';
import type { UseCases } from '../does.ts';
import type { Bug } from './bug.ts';

type Who = Parameters<UseCases['mintCredentials']>[0];
type Ports = Parameters<UseCases['mintCredentials']>[1];

/** A mint that is right but for what the caller leaves out. */
const carelessMint =
  (leaveOut: 'intent' | 're-read') =>
  async ({ requestId, personId }: Who, ports: Ports): ReturnType<UseCases['mintCredentials']> => {
    const mintId = ports.ids.ulid();
    const request = await ports.requests.get(requestId);
    const nowMs = ports.clock.nowMs();
    if (request?.personId !== personId || !isLive(request, nowMs)) return notFound('grant');
    const durationSec = 3600;
    const intended = intendSession(request, mintId, toIso(nowMs), durationSec);
    if (leaveOut !== 'intent') await ports.requests.save(intended);
    const externalId = (await ports.policy.current()).accounts.find(({ id }) => id === request.accountId)?.externalId;
    const credentials = await ports.tokenService.assumeRole({
      roleArn: roleArnOf(request),
      ...(externalId !== undefined && { externalId }),
      durationSec,
      roleSessionName: sessionNameOf(personId, mintId),
      sourceIdentity: personId,
      tags: { 'daypass:grant': requestId, 'daypass:entitlement': request.entitlementId },
      sessionPolicy: sessionPolicy({ endsAt: request.grant.endsAt, chaining: false }),
    });
    if (leaveOut === 're-read') return { ok: true, value: { request: intended.request, credentials } };
    const now = await ports.requests.get(requestId);
    if (!now || !isLive(now, ports.clock.nowMs())) return notFound('grant');
    const late = intendSession(now, mintId, toIso(nowMs), durationSec);
    const { accessKeyId, expiresAt } = credentials;
    const recorded = recordSession(late.request, late.session, { accessKeyId, expiresAt }, toIso(ports.clock.nowMs()));
    await ports.requests.save(late);
    await ports.requests.save(recorded);
    return { ok: true, value: { request: recorded.request, credentials } };
  };

export const noIntent: Bug = {
  name: 'no intent before STS',
  breaks: 'a mint that dies after STS leaves a session that nobody knows of',
  does: { mintCredentials: carelessMint('intent') },
};

export const noSecondRead: Bug = {
  name: 'no second read after STS',
  breaks: 'a grant that ended while STS answered hands out credentials',
  does: { mintCredentials: carelessMint('re-read') },
};

export const noOwnEnd: Bug = {
  name: 'no end in the session policy',
  breaks: 'credentials work from the end of the window to the revocation',
  ports: (ports) => ({
    ...ports,
    tokenService: {
      assumeRole: (order) =>
        ports.tokenService.assumeRole({
          ...order,
          sessionPolicy: sessionPolicy({ endsAt: '2030-01-01T00:00:00.000Z', chaining: false }),
        }),
    },
  }),
};
