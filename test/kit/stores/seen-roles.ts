import type { SeenRoles } from '#ports/seen-roles.ts';
import { copy, type Memory } from './memory.ts';

export const memorySeenRoles = ({ seenRoles }: Memory): SeenRoles => ({
  get: async (roleArn) => copy(seenRoles.get(roleArn) ?? {}),
  put: async (roleArn, seen) => void seenRoles.set(roleArn, copy(seen)),
});
