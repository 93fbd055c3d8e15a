/**
 * What was answered to a signed Slack request, so that the same request again gets the same answer and does nothing.
 */
export type Reply = { status: number; contentType: string; body: string };

export type ReplyStore = {
  /**
   * `mine`: nobody had this key; do the work, then `keep`. `answered`: here is what was answered. `busy`: somebody is
   * at it. A claim that was never answered (the process died) can be taken again after `claimSec`.
   */
  claim(
    key: string,
    claimSec: number,
  ): Promise<{ state: 'mine' } | { state: 'answered'; reply: Reply } | { state: 'busy' }>;
  keep(key: string, reply: Reply): Promise<void>;
};
