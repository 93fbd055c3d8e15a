import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Person } from '#core/policy/policy.ts';
import { type Outcome, refuse } from '#core/refusal.ts';
import type { Ports } from '#ports/ports.ts';
import { whoIs } from '#usecases/login/who-is.ts';

const bearer = /^Bearer +([\w~+/.-]{16,256}=*)$/i;

/** The bearer token of a call (RFC 6750, section 2.1), if it carries one. */
export const bearerOf = (event: Pick<APIGatewayProxyEventV2, 'headers'>): string | undefined =>
  bearer.exec(event.headers.authorization ?? '')?.[1];

/**
 * The person whose bearer token a call carries, read from the policy in force at this call. A refusal is for 401.
 * Throws `StoreUnavailable`, `PolicyUnreadable`.
 */
export const authenticate =
  (ports: Pick<Ports, 'clock' | 'logins' | 'policy'>) =>
  async (event: Pick<APIGatewayProxyEventV2, 'headers'>): Promise<Outcome<Person>> => {
    const token = bearerOf(event);
    if (token) return whoIs({ token }, ports);
    return refuse('unknown-person', 'This call carries no usable `Authorization: Bearer` token.', { do: 'log-in' });
  };
