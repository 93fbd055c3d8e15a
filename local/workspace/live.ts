import type { ServerResponse } from 'node:http';

export type Live = {
  /** Keeps the answer open and sends a `changed` event for every change, as Server-Sent Events. */
  join(res: ServerResponse): void;
  /** Tells every page that something changed; they then ask for the state. */
  changed(): void;
  close(): void;
};

export const createLive = (): Live => {
  const listening = new Set<ServerResponse>();
  return {
    join: (res) => {
      res.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        connection: 'keep-alive',
      });
      res.write('retry: 500\n\nevent: hello\ndata: {}\n\n');
      listening.add(res);
      res.on('close', () => listening.delete(res));
    },
    changed: () => {
      for (const res of listening) res.write('event: changed\ndata: {}\n\n');
    },
    close: () => {
      for (const res of listening) res.end();
      listening.clear();
    },
  };
};
