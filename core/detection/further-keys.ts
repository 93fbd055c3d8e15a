/**
 * The call with which a session makes further keys of itself, with its name, tags and person:
 * docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
export const furtherKeysCall = 'GetScopedCredentials';
