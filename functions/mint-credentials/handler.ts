import * as z from 'zod/mini';
import { ledgers, lockdowns, logins, outbox, requests, tokenService } from '#adapters/port-factories.ts';
import { production, productionRegion } from '#adapters/production.ts';
import { notFound } from '#core/refusal.ts';
import { isUlid } from '#core/ulid.ts';
import { ok, refused, refusedAbout } from '#functions/http/answer.ts';
import { authenticate } from '#functions/http/authenticate.ts';
import { parseBody } from '#functions/http/body.ts';
import { createPace, type Pace } from '#functions/http/pace.ts';
import { http } from '#functions/middy/http.ts';
import { lazily } from '#functions/middy/lazily.ts';
import type { Ports } from '#ports/ports.ts';
import { mintCredentials } from '#usecases/grant/mint-credentials.ts';

/** Where the credentials are good: what an AWS client needs beside them. */
export type Destination = { region: string; endpointUrl?: string };

/**
 * A session is what its grant says: there is nothing to ask for, and what somebody asks for all the same is not passed
 * over in silence.
 */
const nothing = z.strictObject({});

/** `POST /v1/requests/{id}/credentials`: 200 with credentials, which are in this answer and nowhere else. */
export const build = (
  ports: Parameters<typeof mintCredentials>[1] & Pick<Ports, 'logins' | 'log'>,
  destination: Destination,
  pace: Pace = createPace(ports),
) =>
  http(ports.log, async (event) => {
    const person = await authenticate(ports)(event);
    if (!person.ok) return refused(person.refusal);
    const requestId = event.pathParameters?.id ?? '';
    // What no request can have never reaches the store, which refuses half a character or a long key as out of order.
    if (!isUlid(requestId)) return refused(notFound('request').refusal);
    const tooFast = pace(person.value.id);
    if (tooFast) return tooFast;
    const body = parseBody(event, 'json', nothing);
    if (!body.ok) return body.problem;
    const minted = await mintCredentials({ requestId, personId: person.value.id }, ports);
    if (!minted.ok) return refusedAbout(minted.refusal);
    const { request, credentials } = minted.value;
    const { accountId, roleName, entitlementId } = request;
    return ok({ credentials, ...destination, requestId, accountId, roleName, entitlementId });
  });

export const handler = lazily(() =>
  build(production({ requests, ledgers, outbox, lockdowns, tokenService, logins }), { region: productionRegion() }),
);
