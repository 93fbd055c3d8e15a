/**
 * As much as we read of one of Slack's users: https://docs.slack.dev/reference/objects/user-object. What is absent or
 * no boolean is taken for false, as Slack leaves it out.
 */
export type SlackUser = {
  id?: unknown;
  deleted?: unknown;
  is_bot?: unknown;
  is_restricted?: unknown;
  is_ultra_restricted?: unknown;
  is_stranger?: unknown;
};

/**
 * Why an account is nobody's who may act, as the end of a sentence; undefined for a full member's. Single-channel
 * guests are `is_ultra_restricted`, and `is_restricted` too.
 */
export const whyNoMember = (user: SlackUser): string | undefined => {
  if (user.deleted === true) return 'is deactivated';
  if (user.is_bot === true) return 'is a bot’s';
  if (user.is_restricted === true || user.is_ultra_restricted === true) return 'is a guest’s';
  if (user.is_stranger === true) return 'is of another workspace';
  return undefined;
};
