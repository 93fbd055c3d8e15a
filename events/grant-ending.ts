import { aboutRequest, defineEvent } from './define.ts';

/** The grant stopped minting; its sessions are being revoked. */
export const grantEnding = defineEvent('grant.ending', aboutRequest);
