/** Randomness. */
export type Ids = {
  /** A new ULID. */
  ulid(): string;
  /** `bytes` of randomness as base64url: for tokens that must not be guessed. */
  secret(bytes: number): string;
};
