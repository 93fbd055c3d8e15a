import { randomUUID } from 'node:crypto';
import type { ExtensionView } from '#core/api/extension-view.ts';
import type { RequestView } from '#core/api/views.ts';
import { commandName } from '#core/command-name.ts';
import { parseDuration } from '#core/duration.ts';
import { addSec } from '#core/instant.ts';
import { openSession, type Session } from '../api.ts';
import { askText } from '../ask.ts';
import { type Context, succeed } from '../context.ts';
import { exits, Failure, usage } from '../failure.ts';
import { liveGrantOf } from '../grant.ts';
import { lookUntil } from '../look-until.ts';
import { spin } from '../pause.ts';
import { pickOwn } from '../pick.ts';
import { when } from '../show.ts';
import { moreTime, newestExtension, waitsFor } from '../show-extension.ts';

export type ExtendOptions = { entitlement?: string; reason?: string; wait?: boolean; timeout?: string };

const example = `For example: \`${commandName} extend 30m --reason "INC-42 takes longer"\`.`;
const isId = (word: string): boolean => /^[0-9A-Z]{26}$/.test(word);

type Ask = { id?: string; duration: string; reason: string };

/**
 * The id may be left out, so a word that stands alone is the duration. What is missing is asked for, where somebody
 * sits before it.
 */
const complete = async (context: Context, words: readonly string[], options: ExtendOptions): Promise<Ask> => {
  const [first, second] = words;
  const alone = first !== undefined && second === undefined && !isId(first);
  const [id, duration] = alone ? [undefined, first] : [first, second];
  if (id !== undefined && options.entitlement !== undefined) {
    throw usage('Say which grant once: by its id or by --entitlement.', example);
  }
  const mayAsk = context.interactive && !context.json;
  if (!mayAsk && duration === undefined) throw usage('Say how much longer.', example);
  if (!mayAsk && options.reason === undefined) throw usage('Say why you need it, with --reason.', example);
  const said = duration ?? (await askText('How much longer?', '30m'));
  if (parseDuration(said) === undefined) {
    throw usage(`${said} is not a duration.`, 'Write it like 20s, 30m or 1h30m.');
  }
  const reason = options.reason ?? (await askText('Why?'));
  return { duration: said, reason, ...(id !== undefined && { id }) };
};

/** The extension that this run has asked for, later on. */
const same = ({ extensions }: RequestView, id: string | undefined): ExtensionView | undefined =>
  extensions?.find((extension) => extension.id === id);

/** The end that the grant had before this extension: that of the longest window that was granted earlier. */
const endBefore = ({ grant, durationSec, extensions = [] }: RequestView, { id }: ExtensionView): string | undefined => {
  if (!grant) return undefined;
  const earlier = extensions.slice(
    0,
    extensions.findIndex((each) => each.id === id),
  );
  const granted = earlier.findLast(({ status }) => status === 'granted');
  return granted?.endsAt ?? addSec(grant.startsAt, durationSec);
};

const lines = (request: RequestView, extension: ExtensionView | undefined, nowMs: number): string[] => {
  const { id, entitlementId, grant } = request;
  if (!extension || !grant) return [`Request ${id} is ${request.status}.`];
  if (extension.status === 'granted') {
    return [
      `Your grant of ${entitlementId} is ${moreTime(extension, endBefore(request, extension))} longer: it ends ${when(grant.endsAt, nowMs)}. Request ${id}.`,
      `Credentials that you have end when they were to end. For new ones: eval "$(${commandName} env --request ${id})"`,
    ];
  }
  return [
    `Asked for ${moreTime(extension, grant.endsAt)} more of ${entitlementId}: waits for ${waitsFor(extension)}, in Slack.`,
    `Unless it is granted, request ${id} ends ${when(grant.endsAt, nowMs)}. \`${commandName} list\` shows how it stands.`,
  ];
};

/** How an answered extension ends the command: as a success only where there is more time. */
const insist = (request: RequestView, extension: ExtensionView | undefined, nowMs: number): RequestView => {
  const { entitlementId, grant, end } = request;
  if (extension?.denied) {
    const { by, reason } = extension.denied;
    const text = `${by.name} denied more time for your grant of ${entitlementId}: ${reason}`;
    throw new Failure(exits.denied, 'denied', text, grant && `It ends ${when(grant.endsAt, nowMs)}.`);
  }
  if (extension?.status !== 'lapsed') return request;
  const again = `Ask again: \`${commandName} request ${entitlementId}\`.`;
  if (end?.reason === 'expired') {
    const text = `Nobody answered before your grant of ${entitlementId} ended.`;
    throw new Failure(exits.waiting, 'lapsed', text, again);
  }
  const by = end?.by ? ` by ${end.by.name}` : '';
  const text = `Your grant of ${entitlementId} was ended${by} before anybody answered (${end?.reason ?? 'unknown'}).`;
  throw new Failure(exits.notFound, 'not-live', text);
};

/** What waits already is no mistake: it is still waiting. */
const post = (session: Session, id: string, { duration, reason }: Ask): Promise<RequestView> =>
  session
    .post<RequestView>(
      `/v1/requests/${encodeURIComponent(id)}/extend`,
      { duration, reason },
      { 'idempotency-key': randomUUID() },
    )
    .catch((error: unknown) => {
      if (!(error instanceof Failure) || error.code !== 'already-decided') throw error;
      throw new Failure(exits.waiting, error.code, error.message, error.hint);
    });

export const run = async (context: Context, words: readonly string[], options: ExtendOptions): Promise<void> => {
  const timeoutSec = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  if (options.timeout !== undefined && timeoutSec === undefined) {
    throw usage(`--timeout ${options.timeout} is not a duration.`, 'Write it like 30s or 10m.');
  }
  const ask = await complete(context, words, options);
  const session = await openSession(context);
  const pick = (): Promise<string> =>
    options.entitlement === undefined
      ? pickOwn(context, session, { what: 'live grant', command: `${commandName} extend ID 30m`, statuses: ['active'] })
      : liveGrantOf(options.entitlement, session).then(({ id }) => id);
  const id = ask.id ?? (await pick());
  const asked = await post(session, id, ask);
  const extension = newestExtension(asked);
  const nowMs = context.clock.nowMs();
  if (!options.wait) {
    succeed(context, asked, lines(asked, extension, nowMs));
    return;
  }
  if (!context.json && extension?.status === 'waiting') {
    for (const line of lines(asked, extension, nowMs)) context.say(line);
  }
  const stop = spin(context, 'Waiting for the answer');
  const answered = await lookUntil(context, session, asked, {
    isDecided: (request) => same(request, extension?.id)?.status !== 'waiting',
    timeoutSec,
    late: `Nobody has answered yet whether your grant of ${asked.entitlementId} gets more time.`,
    hint: `The question stands, and so does the end of the grant: \`${commandName} list\` shows both.`,
  }).finally(stop);
  const answer = same(answered, extension?.id);
  const answeredMs = context.clock.nowMs();
  succeed(context, insist(answered, answer, answeredMs), lines(answered, answer, answeredMs));
};
