/** A slash command as Slack registers it. Limits: https://docs.slack.dev/reference/app-manifest#features */
export type SlashCommand = {
  /** At most 32 characters with its slash. */
  command: string;
  /** At most 2,000 characters. */
  description: string;
  /** At most 1,000 characters. */
  usageHint: string;
};

export const accessCommand = {
  command: '/access',
  description: 'Ask for AWS access, and see or end what you have',
  usageHint: '[entitlement duration reason] or list, done, extend, cancel, login, lockdown, help',
} as const satisfies SlashCommand;

/** Every command that a listener answers. */
export const commands: readonly SlashCommand[] = [accessCommand];
