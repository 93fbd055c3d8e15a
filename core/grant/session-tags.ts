/** The tags by which a session tells its grant and its entitlement. They are passed on when it assumes another role. */
export const grantTag = 'daypass:grant';
export const entitlementTag = 'daypass:entitlement';
