import { type Person, teamDomain } from '../directory.ts';
import type { Parts } from '../parts.ts';
import { responsePath } from '../respond.ts';
import type { ResponseTarget } from '../response-urls.ts';

/** Slack still sends its old verification token; nobody may rely on it, so it says nothing. */
export const verificationToken = 'unused';

/** The fields that every interaction payload has. */
export const commonPayload = (parts: Parts, person: Person): Record<string, unknown> => ({
  team: { id: parts.directory.team.id, domain: teamDomain(parts.directory) },
  user: { id: person.id, username: person.handle, name: person.handle, team_id: parts.directory.team.id },
  api_app_id: parts.directory.bot.appId,
  token: verificationToken,
  enterprise: null,
  is_enterprise_install: false,
});

/** A new address for the app's answer. `origin` is where the workspace is reached. */
export const responseUrl = (parts: Parts, origin: string, target: ResponseTarget): string =>
  `${origin}${responsePath}${parts.responseUrls.issue(target)}`;

export const payloadForm = (payload: Record<string, unknown>): URLSearchParams =>
  new URLSearchParams({ payload: JSON.stringify(payload) });
