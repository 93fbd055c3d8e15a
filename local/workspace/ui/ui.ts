import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod/mini';
import { findPersonByHandle } from '../directory.ts';
import { parseJson, readBody, sendJson } from '../http.ts';
import type { Machinery } from '../machinery.ts';
import type { Act, World } from './act.ts';
import { click } from './click.ts';
import type { UiAnswer } from './contract.ts';
import { dismiss, markRead } from './marks.ts';
import { requests } from './request.ts';
import { say } from './say.ts';
import { stateFor } from './state.ts';
import { close, submit } from './submit.ts';

type Handler = (world: World, body: unknown) => Promise<{ status: number; answer: UiAnswer }>;

const nobody: UiAnswer = { ok: false, say: 'There is no such person here. Choose one at the top left.' };
const goneFrom = (name: string): UiAnswer => ({
  ok: false,
  say: `${name} is deactivated in this Slack. Act as somebody else; /reactivate brings them back.`,
});
const malformed: UiAnswer = { ok: false, say: 'The page sent something that is not understood. Reload it.' };

const handler =
  <S extends z.ZodMiniType<{ as: string }>>(schema: S, act: Act<z.infer<S>>): Handler =>
  async (world, body) => {
    const request = schema.safeParse(body);
    if (!request.success) return { status: 400, answer: malformed };
    const person = findPersonByHandle(world.parts.directory, request.data.as);
    if (!person) return { status: 404, answer: nobody };
    if (world.parts.store.isDeactivated(person.id)) return { status: 403, answer: goneFrom(person.name) };
    return { status: 200, answer: await act(world, person, request.data) };
  };

const acts: Readonly<Record<string, Handler>> = {
  say: handler(requests.say, say),
  click: handler(requests.click, click),
  submit: handler(requests.submit, submit),
  close: handler(requests.close, close),
  read: handler(requests.mark, markRead),
  dismiss: handler(requests.mark, dismiss),
};

const sendMachinery = async (res: ServerResponse, machinery: Machinery): Promise<void> => {
  const [executions, trail, denies] = await Promise.all([
    machinery.executions(),
    machinery.trail(),
    machinery.denies(),
  ]);
  sendJson(res, 200, { executions, trail, denies });
};

/**
 * Answers everything under `/workspace/ui/`. The caller has made sure that the request comes from this machine's own
 * page.
 */
export const answerUi = async (
  world: World,
  machinery: Machinery,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> => {
  const name = url.pathname.slice('/workspace/ui/'.length);
  if (req.method === 'GET' && name === 'live') return world.parts.live.join(res);
  if (req.method === 'GET' && name === 'machinery') return sendMachinery(res, machinery);
  if (req.method === 'GET' && name === 'state') {
    const person = findPersonByHandle(world.parts.directory, url.searchParams.get('as') ?? '');
    return person ? sendJson(res, 200, stateFor(world.parts, person)) : sendJson(res, 404, nobody);
  }
  const act = req.method === 'POST' && Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (!act) return sendJson(res, 404, { ok: false, say: 'There is nothing here. Reload the page.' });
  const { status, answer } = await act(world, parseJson(await readBody(world.parts, req)));
  sendJson(res, status, answer);
};
