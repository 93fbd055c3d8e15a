import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '#ports/clock.ts';
import { type Bodies, BodyRefused } from '../bodies.ts';
import { answerWebApi } from './api/web-api.ts';
import type { Directory } from './directory.ts';
import { createEphemerals } from './ephemerals.ts';
import { sendJson } from './http.ts';
import { createIngress } from './ingress.ts';
import { createLive } from './live.ts';
import type { Machinery } from './machinery.ts';
import { createOpenViews } from './open-views.ts';
import { createPage } from './page.ts';
import type { Parts } from './parts.ts';
import { answerRespond, responsePath } from './respond.ts';
import { openResponseUrls } from './response-urls.ts';
import { openStore } from './store.ts';
import { tsSequence } from './timestamps.ts';
import { createTriggers } from './triggers.ts';
import type { Command } from './ui/act.ts';
import { refusalFor } from './ui/guard.ts';
import { answerUi } from './ui/ui.ts';

export type WorkspaceOptions = {
  /** Messages are kept here, in tables named `workspace_…`; the owner opens and closes it. */
  db: DatabaseSync;
  clock: Clock;
  directory: Directory;
  signingSecret: string;
  botToken: string;
  /** Where the app takes commands and interactions. Asked at each use, since the port may not be known earlier. */
  ingressUrl: () => string;
  bodies: Bodies;
  machinery: Machinery;
  /** The slash commands that the app's manifest has. */
  commands?: readonly Command[];
  /** How long the app may take to answer, ms. Slack gives it 3,000. */
  patienceMs?: number;
};

export type Workspace = {
  /** Answers what is under `/workspace`; false, and nothing done, for any other path. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** The address to give to a Slack client as its `slackApiUrl`. */
  apiUrl(appUrl: string): string;
  /** Tells the open pages that something below has changed. */
  nudge(): void;
  /** Ends the open live streams. */
  close(): void;
};

/** A small Slack: the Web API for the app, and a page on which people act. It refuses what Slack refuses. */
export const createWorkspace = (options: WorkspaceOptions): Workspace => {
  const { db, clock, directory, machinery } = options;
  const store = openStore(db);
  const parts: Parts = {
    clock,
    bodies: options.bodies,
    directory,
    store,
    ephemerals: createEphemerals(),
    triggers: createTriggers(clock),
    responseUrls: openResponseUrls(db, clock),
    views: createOpenViews(),
    live: createLive(),
    nextTs: tsSequence(clock, store.newestTs()),
  };
  const ingress = createIngress({
    clock,
    signingSecret: options.signingSecret,
    url: options.ingressUrl,
    ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
  });
  const commands = options.commands ?? [{ command: '/access', shouldEscape: false }];
  const servePage = createPage();

  const route = async (req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> => {
    if (url.pathname.startsWith('/workspace/api/')) return answerWebApi(parts, options.botToken, req, res, url);
    if (url.pathname.startsWith(responsePath)) return answerRespond(parts, req, res, url);
    const refusal = refusalFor(req);
    if (refusal !== undefined) return sendJson(res, 403, { ok: false, say: refusal });
    if (url.pathname === '/workspace') {
      res.writeHead(308, { location: `/workspace/${url.search}` }).end();
      return;
    }
    if (url.pathname.startsWith('/workspace/ui/'))
      return answerUi({ parts, ingress, origin: url.origin, commands }, machinery, req, res, url);
    if (await servePage(req, res, url.pathname)) return;
    sendJson(res, 404, { ok: false, say: 'There is nothing here. The workspace is at /workspace/.' });
  };

  const fail = (res: ServerResponse, error: unknown): void => {
    if (res.headersSent) {
      res.destroy();
      return;
    }
    const refused = error instanceof BodyRefused ? error : undefined;
    const say = refused?.message ?? `The workspace failed: ${error instanceof Error ? error.message : 'unknown'}`;
    sendJson(res, refused?.status ?? 500, { ok: false, error: 'internal_error', say });
  };

  return {
    handle: async (req, res) => {
      const path = req.url ?? '/';
      if (!/^\/workspace([/?]|$)/.test(path)) return false;
      try {
        await route(req, res, new URL(path, `http://${req.headers.host ?? 'localhost'}`));
      } catch (error) {
        fail(res, error);
      }
      return true;
    },
    apiUrl: (appUrl) => `${appUrl.replace(/\/$/, '')}/workspace/api/`,
    nudge: () => parts.live.changed(),
    close: () => parts.live.close(),
  };
};
