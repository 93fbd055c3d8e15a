import { setTimeout as pause } from 'node:timers/promises';
import { commandName } from '#core/command-name.ts';
import { isNextStep } from '#core/next-step.ts';
import { normalAddress } from './address.ts';
import type { Context } from './context.ts';
import { type Exit, exits, Failure, interrupted, usage } from './failure.ts';
import { readLogins, type SavedLogin } from './home.ts';
import { inCommands } from './next-step.ts';

const timeoutMs = 15_000;

export type Answer = { status: number; body: unknown };

type Call = {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  token?: string;
  headers?: Readonly<Record<string, string>>;
};

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const notDaypass = (address: string): Failure =>
  new Failure(
    exits.upstream,
    'not-daypass',
    `What answers at ${address} is not a Daypass API.`,
    'Check --api or DAYPASS_API.',
  );

/** `fetch` passes a proxy over unless it is told: https://nodejs.org/api/cli.html#node_use_env_proxy1 */
const unusedProxy = ({ env }: Context, address: string): string => {
  const proxy = address.startsWith('https:') ? env.HTTPS_PROXY || env.https_proxy : env.HTTP_PROXY || env.http_proxy;
  if (!proxy || env.NODE_USE_ENV_PROXY === '1') return '';
  return ' Your proxy was not asked: Node does so with NODE_USE_ENV_PROXY=1, from 22.21 and 24.0 on.';
};

/** Sends one call. Throws a Failure for the network; an answer with an error status is an answer. */
export const send = async (context: Context, address: string, call: Call): Promise<Answer> => {
  const hasBody = call.body !== undefined;
  try {
    const response = await fetch(`${address}${call.path}`, {
      method: call.method,
      // A token must not follow a redirect to somewhere else.
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...(hasBody && { 'content-type': 'application/json' }),
        ...(call.token !== undefined && { authorization: `Bearer ${call.token}` }),
        ...call.headers,
      },
      ...(hasBody && { body: JSON.stringify(call.body) }),
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await response.text();
    try {
      return { status: response.status, body: JSON.parse(text) };
    } catch {
      if (response.status >= 500) return { status: response.status, body: undefined };
      throw notDaypass(address);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (context.signal.aborted) throw interrupted();
    const slow = error instanceof Error && error.name === 'TimeoutError';
    const what = slow ? `did not answer within ${timeoutMs / 1000} s` : 'cannot be reached';
    throw new Failure(
      exits.upstream,
      'unreachable',
      `${address} ${what}.`,
      `Check that Daypass runs there, and --api or DAYPASS_API.${unusedProxy(context, address)}`,
    );
  }
};

const exitOf = (status: number, code: string): Exit => {
  if (status === 401) return exits.notLoggedIn;
  if (status === 403) return exits.denied;
  if (status === 429 || status >= 500 || code === 'no-such-route' || code === 'in-progress') return exits.upstream;
  return status === 404 || status === 409 || status === 410 ? exits.notFound : exits.usage;
};

/**
 * What to do next in our own commands; in the API's words where it sends no step, or one that only a later version
 * knows.
 */
const nextOf = (error: unknown): string | undefined => {
  const [step, next] = [member(error, 'nextStep'), member(error, 'next')];
  if (isNextStep(step)) return inCommands(step);
  return typeof next === 'string' ? next : undefined;
};

/** The failure that an answer tells of, whichever of the API's two shapes it has. */
export const failureOf = ({ status, body }: Answer): Failure => {
  const error = member(body, 'error');
  if (typeof error === 'string') {
    return new Failure(exitOf(status, error), error, String(member(body, 'error_description') ?? error));
  }
  const code = String(member(error, 'code') ?? 'upstream');
  const message = String(member(error, 'message') ?? `Daypass answered ${status} without a reason.`);
  return new Failure(exitOf(status, code), code, message, nextOf(error));
};

/** Which API to talk to: `--api`, else `DAYPASS_API`, else where one logged in last. */
export const addressOf = (context: Context, current: string | undefined): string => {
  const given = context.api || context.env.DAYPASS_API || current;
  if (given) return normalAddress(given);
  throw usage(
    'No API address is known yet.',
    `Run \`${commandName} login --api URL\`, or set DAYPASS_API. What \`npm start\` runs is at http://127.0.0.1:4600.`,
  );
};

/** The API as the person who logged in. A call that does not succeed throws the Failure to end with. */
export type Session = {
  address: string;
  login: SavedLogin;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
};

/** A repeated POST must be harmless: each of them is one per id or carries a key. */
const patiently = async (context: Context, work: () => Promise<Answer>): Promise<Answer> => {
  for (let attempt = 1; ; attempt++) {
    const answer = await work();
    const again = answer.status === 503 || (answer.status === 409 && failureOf(answer).code === 'in-progress');
    if (!again || attempt === 3) return answer;
    await pause(attempt * 300, undefined, { signal: context.signal }).catch(() => {
      throw interrupted();
    });
  }
};

export const openSession = async (context: Context): Promise<Session> => {
  const { current, logins } = await readLogins(context.env);
  const address = addressOf(context, current);
  const login = logins[address];
  if (!login) {
    throw new Failure(
      exits.notLoggedIn,
      'not-logged-in',
      `You are not logged in at ${address}.`,
      `Run \`${commandName} login\`.`,
    );
  }
  const call = async <T>(what: Call): Promise<T> => {
    const answer = await patiently(context, () => send(context, address, { ...what, token: login.token }));
    if (answer.status >= 300) throw failureOf(answer);
    return answer.body as T;
  };
  return {
    address,
    login,
    get: (path) => call({ method: 'GET', path }),
    post: (path, body = {}, headers = {}) => call({ method: 'POST', path, body, headers }),
  };
};
