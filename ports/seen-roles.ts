import type { SeenRole } from '#core/role-shape.ts';

/** How managed roles were seen last, by their ARNs. Every method throws `StoreUnavailable`. */
export type SeenRoles = {
  get(roleArn: string): Promise<SeenRole>;
  put(roleArn: string, seen: SeenRole): Promise<void>;
};
