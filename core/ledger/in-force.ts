/** IAM takes this long at most to carry a deny everywhere: until then it is no news that a session still works. */
export const propagationMs = 60_000;

/**
 * A revocation covers sessions issued up to this long after it, as the console's button does, because IAM takes a while
 * to carry the policy everywhere: docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
export const coversAheadMs = 30_000;
