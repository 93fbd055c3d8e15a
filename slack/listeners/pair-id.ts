import { ulidPattern } from '#core/ulid.ts';

const pair = new RegExp(`^(${ulidPattern})\\.(${ulidPattern})$`);

/**
 * A request's id with another one that belongs to it: what a button or a modal carries. What they name the server
 * decides.
 */
export const pairId = (requestId: string, otherId: string): string => `${requestId}.${otherId}`;

/** Undefined for anything that is no pair of ULIDs. */
export const readPairId = (value: string): { requestId: string; otherId: string } | undefined => {
  const [, requestId, otherId] = pair.exec(value) ?? [];
  return requestId === undefined || otherId === undefined ? undefined : { requestId, otherId };
};
