/** Assumptions of the canary role, as the detector was told of them. Every method throws `StoreUnavailable`. */
export type Canaries = {
  arrived(canary: Canary): Promise<void>;
  get(which: Pick<Canary, 'accountId' | 'sessionName'>): Promise<Canary | undefined>;
};

export type Canary = {
  accountId: string;
  sessionName: string;
  /** When CloudTrail says it happened, and when the detector had it. */
  at: string;
  arrivedAt: string;
};
