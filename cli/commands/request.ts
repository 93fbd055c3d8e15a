import { randomUUID } from 'node:crypto';
import type { EntitlementView, RequestView } from '#core/api/views.ts';
import { commandName } from '#core/command-name.ts';
import { compactDuration, formatDuration, parseDuration } from '#core/duration.ts';
import { openSession, type Session } from '../api.ts';
import { askText, choose } from '../ask.ts';
import { type Context, succeed } from '../context.ts';
import { exits, Failure, usage } from '../failure.ts';
import { lookUntil } from '../look-until.ts';
import { spin } from '../pause.ts';
import { missing, when } from '../show.ts';

export type RequestOptions = { for?: string; reason?: string; ticket?: string; wait?: boolean; timeout?: string };

type Ask = { entitlement: string; duration?: string; reason: string; ticket?: string };

/** What is missing is asked for, where somebody sits before it. */
const complete = async (
  context: Context,
  session: Session,
  entitlement: string | undefined,
  options: RequestOptions,
): Promise<Ask> => {
  const given = {
    ...(options.for !== undefined && { duration: options.for }),
    ...(options.ticket !== undefined && { ticket: options.ticket }),
  };
  if (entitlement !== undefined && options.reason !== undefined)
    return { entitlement, reason: options.reason, ...given };
  if (!context.interactive || context.json) {
    throw usage(
      entitlement === undefined ? 'Say what you ask for.' : 'Say why you need it, with --reason.',
      `For example: \`${commandName} request orders-admin --for 30m --reason "fixing INC-42"\`.`,
    );
  }
  const { entitlements } = await session.get<{ entitlements: EntitlementView[] }>('/v1/entitlements');
  if (entitlements.length === 0)
    throw new Failure(exits.denied, 'nothing-to-ask', 'There is nothing that you can ask for.');
  const wanted =
    entitlement ??
    (await choose(
      'What do you need?',
      entitlements.map(({ id, description }) => ({ value: id, label: id, hint: description })),
    ));
  const usual = entitlements.find(({ id }) => id === wanted)?.defaultDurationSec ?? 1800;
  const duration = options.for ?? (await askText('For how long?', compactDuration(usual)));
  const reason = options.reason ?? (await askText('Why?'));
  return { entitlement: wanted, reason, ...given, duration };
};

/** Decided and, if approved, live. */
const isDecided = ({ status }: RequestView): boolean => status !== 'pending' && status !== 'approved';

/** How a decided request ends the command: as a success only where there is, or was, access. */
const insist = (request: RequestView): RequestView => {
  const { id, entitlementId } = request;
  switch (request.status) {
    case 'denied':
      throw new Failure(
        exits.denied,
        'denied',
        `${request.denied?.by.name} denied request ${id}: ${request.denied?.reason}`,
      );
    case 'refused':
      throw new Failure(
        exits.denied,
        'refused-by-policy',
        request.refusedBecause?.join(' ') ?? 'The access policy refuses it.',
      );
    case 'lapsed':
      throw new Failure(
        exits.waiting,
        'lapsed',
        `Nobody answered request ${id} in time.`,
        `Ask again: \`${commandName} request ${entitlementId}\`.`,
      );
    case 'cancelled':
      throw new Failure(exits.notFound, 'cancelled', `Request ${id} was cancelled.`);
    default:
      return request;
  }
};

const lines = (request: RequestView, nowMs: number): string[] => {
  const what = `${request.entitlementId} for ${formatDuration(request.durationSec)}`;
  if (request.status === 'active' && request.grant) {
    return [
      `You have ${what}; it ends ${when(request.grant.endsAt, nowMs)}. Request ${request.id}.`,
      `Use it: ${commandName} exec --request ${request.id} -- aws sts get-caller-identity`,
    ];
  }
  if (request.status === 'approved') return [`Request ${request.id} for ${what} is approved and about to start.`];
  return [
    `Asked for ${what}. Request ${request.id} has ${missing(request)}.`,
    `It was posted in Slack. \`${commandName} list\` shows how it stands.`,
  ];
};

export const run = async (
  context: Context,
  entitlement: string | undefined,
  options: RequestOptions,
): Promise<void> => {
  const timeoutSec = options.timeout === undefined ? undefined : parseDuration(options.timeout);
  if (options.timeout !== undefined && timeoutSec === undefined) {
    throw usage(`--timeout ${options.timeout} is not a duration.`, 'Write it like 30s or 10m.');
  }
  const session = await openSession(context);
  const ask = await complete(context, session, entitlement, options);
  const headers = { 'idempotency-key': randomUUID() };
  const asked = await session.post<RequestView>('/v1/requests', ask, headers);
  if (!options.wait) {
    succeed(context, asked, lines(asked, context.clock.nowMs()));
    return;
  }
  if (!context.json && asked.status === 'pending') {
    context.say(`Request ${asked.id} was posted in Slack: ${missing(asked)}.`);
  }
  const stop = spin(context, 'Waiting for the decision');
  const decided = await lookUntil(context, session, asked, {
    isDecided,
    timeoutSec,
    late: `Nobody has decided on request ${asked.id} yet.`,
    hint: `The request stands: \`${commandName} list\` shows it, \`${commandName} cancel ${asked.id}\` takes it back.`,
  }).finally(stop);
  succeed(context, insist(decided), lines(decided, context.clock.nowMs()));
};
