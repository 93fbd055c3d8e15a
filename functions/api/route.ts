import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Person } from '#core/policy/policy.ts';
import type { Answer } from '#functions/http/answer.ts';
import type { Pace } from '#functions/http/pace.ts';
import type { CliFile } from '#ports/cli-file.ts';
import type { Ports } from '#ports/ports.ts';

export type ApiPorts = Pick<
  Ports,
  'clock' | 'ids' | 'log' | 'policy' | 'requests' | 'lockdowns' | 'outbox' | 'logins' | 'replies'
>;

/** `url` is where the app is reached from outside, without a slash at its end. */
export type Call = { event: APIGatewayProxyEventV2; url: string; cli: CliFile; pace: Pace };

export type Run = (call: Call, ports: ApiPorts) => Promise<Answer>;

/** `id` is the request in the path; empty on a route that has none. */
export type PersonalRun = (call: Call & { person: Person; id: string }, ports: ApiPorts) => Promise<Answer>;

/**
 * `open` routes need no token. `{id}` in a path stands for a request's id. `ends`: it takes access away, and is
 * answered however often its person calls.
 */
export type Route = { method: 'GET' | 'POST'; path: string } & (
  | { access: 'open'; run: Run }
  | { access: 'person'; run: PersonalRun; ends?: true }
);

export type Match =
  | { kind: 'found'; route: Route; id: string }
  | { kind: 'wrong-method'; allowed: string[] }
  | { kind: 'unknown' };

const idIn = (pattern: string, path: string): string | undefined => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  let id = '';
  for (const [index, segment] of wanted.entries()) {
    if (segment === '{id}' && given[index]) id = given[index];
    else if (segment !== given[index]) return undefined;
  }
  return id;
};

/** Which route answers a call. An id that no request can have never reaches a store. */
export const matchRoute = (routes: readonly Route[], method: string, path: string): Match => {
  const fitting = routes.flatMap((route) => {
    const id = idIn(route.path, path);
    return id === undefined ? [] : [{ route, id }];
  });
  const found = fitting.find(({ route }) => route.method === method);
  if (!found) {
    const allowed = fitting.map(({ route }) => route.method);
    return allowed.length > 0 ? { kind: 'wrong-method', allowed } : { kind: 'unknown' };
  }
  return { kind: 'found', ...found };
};
