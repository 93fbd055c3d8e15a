import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import type { Clock } from '#ports/clock.ts';
import type { Ids } from '#ports/ids.ts';

export const randomIds = (clock: Clock): Ids => ({
  ulid: () => ulid(clock.nowMs()),
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
});
