import accessRequest from './access-request.asl.json' with { type: 'json' };
import alertResponse from './alert-response.asl.json' with { type: 'json' };
import lockdown from './lockdown.asl.json' with { type: 'json' };

/**
 * Every state machine there is, by name, its tokens not yet filled: read by `serverless.ts`, the embedded stack and the
 * tests.
 */
export const stateMachines = { 'access-request': accessRequest, 'alert-response': alertResponse, lockdown } as const;
