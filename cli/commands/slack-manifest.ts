import { longestName, slackManifest } from '#slack/manifest.ts';
import { normalAddress } from '../address.ts';
import type { Context } from '../context.ts';
import { usage } from '../failure.ts';
import { readLogins } from '../home.ts';

export type ManifestOptions = { url?: string; socketMode?: boolean; name?: string };

const howTo =
  'Say where Slack reaches Daypass: --url https://daypass.example.com. Or use --socket-mode, where Slack calls nothing.';

const addressFor = async (context: Context, given: string | undefined): Promise<string> => {
  const known = given ?? context.api ?? context.env.DAYPASS_API ?? (await readLogins(context.env)).current;
  if (known === undefined) throw usage('The address of the app is missing.', howTo);
  if (URL.canParse(known) && new URL(known).protocol !== 'https:') {
    throw usage(`Slack calls https addresses only, and this is ${known}.`, howTo);
  }
  return normalAddress(known);
};

const nameFrom = (given = 'Daypass'): string => {
  const name = given.trim();
  if (name.length > 0 && [...name].length <= longestName) return name;
  throw usage(`The name of a Slack app has 1 to ${longestName} characters.`, 'Choose a shorter --name.');
};

/** Prints what one pastes into Slack; what to do with it goes to stderr. */
export const run = async (context: Context, options: ManifestOptions): Promise<void> => {
  const name = nameFrom(options.name);
  if (options.socketMode && options.url !== undefined) {
    throw usage('Over Socket Mode Slack calls no address.', 'Leave out either --url or --socket-mode.');
  }
  const manifest = slackManifest({
    name,
    transport: options.socketMode
      ? { kind: 'socket-mode' }
      : { kind: 'http', url: await addressFor(context, options.url) },
  });
  if (context.json) return context.print(JSON.stringify({ ok: true, data: { manifest } }));
  context.print(JSON.stringify(manifest, null, 2));
  context.say('At https://api.slack.com/apps choose Create New App, From a manifest, and paste this in its JSON tab.');
  context.say(
    options.socketMode
      ? 'Install it, make an app-level token with connections:write, and invite it to both channels of access.yaml.'
      : 'Install it, keep its bot token and signing secret, and invite it to both channels of access.yaml.',
  );
};
