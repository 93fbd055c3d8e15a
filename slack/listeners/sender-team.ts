/**
 * The parts of a signed payload that say which workspaces and organisations took part. Slash commands carry `team_id`
 * and `enterprise_id`; interactions `team`, `enterprise` and `user`; events `team_id` and `enterprise_id`.
 * https://docs.slack.dev/reference/interaction-payloads/block_actions-payload,
 * https://docs.slack.dev/interactivity/implementing-slash-commands
 */
export type Sender = {
  type?: unknown;
  team_id?: unknown;
  enterprise_id?: unknown;
  team?: { id?: unknown; enterprise_id?: unknown } | null;
  enterprise?: { id?: unknown } | null;
  user_id?: unknown;
  user?: { id?: unknown; team_id?: unknown } | string;
};

/** As much of the policy's `slack` as says who is ours. */
export type Ours = { teamId: string; workspaces?: readonly string[] };

export type TeamVerdict = { ok: true } | { ok: false; because: string };

const no = (because: string): TeamVerdict => ({ ok: false, because });
const yes: TeamVerdict = { ok: true };

/** Slack leaves out, sends null, or sends an empty text. */
const idsOf = (...values: readonly unknown[]): string[] =>
  values.flatMap((value) => (typeof value === 'string' && value !== '' ? value : []));

const isOrganisation = (id: string): boolean => id.startsWith('E');

/**
 * Whether whoever sent this belongs to the workspace (`T…`) or the organisation (`E…`) that the policy names, or to
 * another workspace of it that the policy lists. On Enterprise Grid `user.team_id` is the organisation's id, or that of
 * any workspace of the person; of somebody who comes through Slack Connect it is a workspace of somebody else's, under
 * a `team` and an `enterprise` that are ours. So an organisation of the person's must be the one that our workspace is
 * of, and a workspace of theirs must be known: what cannot be told from a stranger is one.
 */
export const judgeTeam = (sender: Sender, ours: Ours): TeamVerdict => {
  const { teamId: named, workspaces = [] } = ours;
  const isOurWorkspace = (id: string): boolean => id === named || workspaces.includes(id);
  const user = typeof sender.user === 'object' ? sender.user : {};
  const [where] = idsOf(sender.team?.id, sender.team_id);
  const organisations = idsOf(sender.enterprise?.id, sender.team?.enterprise_id, sender.enterprise_id);
  const [home] = idsOf(user.team_id);
  const [organisation] = organisations;
  if (organisations.some((id) => id !== organisation)) return no('It names two organisations.');

  if (isOrganisation(named)) {
    if (organisation !== named) return no(`It comes from outside of the organisation ${named}.`);
  } else if (where === undefined || !isOurWorkspace(where)) {
    return no(`It comes from outside of the workspace ${named}.`);
  }
  // Commands say no more: they can be typed by people of the workspace alone.
  if (home === undefined || isOurWorkspace(home)) return yes;
  if (isOrganisation(home)) return home === organisation ? yes : no(`Its person is of the organisation ${home}.`);
  const [ofWhere] = idsOf(sender.team?.enterprise_id);
  if (isOrganisation(named) && home === where && ofWhere === named) return yes;
  return no(`Its person is of the workspace ${home}, which slack.team and slack.workspaces do not name.`);
};
