import { clip } from '#core/clip.ts';
import { notFound } from '#core/refusal.ts';
import { isUlid } from '#core/ulid.ts';
import { type Answer, problem, refused } from '#functions/http/answer.ts';
import { authenticate } from '#functions/http/authenticate.ts';
import { type ApiPorts, type Call, matchRoute } from './route.ts';
import { routes } from './routes.ts';

/**
 * Finds the route, then the person, then lets the route answer. What is not there is said without looking at who asks.
 */
export const respond = async (call: Call, ports: ApiPorts): Promise<Answer> => {
  const { event } = call;
  const { method } = event.requestContext.http;
  const match = matchRoute(routes, method, event.rawPath);
  if (match.kind === 'unknown') {
    const message = `There is no route ${method} ${clip(event.rawPath, 200)}.`;
    return problem(404, 'no-such-route', message, 'Check the path; GET /v1/health tells whether this is the API.');
  }
  if (match.kind === 'wrong-method') {
    const allow = match.allowed.join(', ');
    const message = `${clip(event.rawPath, 200)} does not take ${method}.`;
    return problem(405, 'method-not-allowed', message, `Use ${allow}.`, { allow });
  }
  const { route, id } = match;
  if (route.access === 'open') return route.run(call, ports);
  const who = await authenticate(ports)(event);
  if (!who.ok) return refused(who.refusal);
  if (route.path.includes('{id}') && !isUlid(id)) return refused(notFound('request').refusal);
  const tooFast = route.ends ? undefined : call.pace(who.value.id);
  return tooFast ?? route.run({ ...call, person: who.value, id }, ports);
};
