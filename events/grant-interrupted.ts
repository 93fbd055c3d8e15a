import { aboutRequest, defineEvent } from './define.ts';

/** Live sessions of the grant were denied with everybody's on the role. The grant goes on: new credentials work. */
export const grantInterrupted = defineEvent('grant.interrupted', aboutRequest);
