/** The role session name of one mint. One name for each, so that `aws:userid` names this session alone. At most 64 characters. */
export const sessionNameOf = (personId: string, mintId: string): string => `${personId.slice(0, 36)}-${mintId}`;
