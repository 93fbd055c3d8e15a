import type { Clock } from '#ports/clock.ts';
import type { Bodies } from '../bodies.ts';
import type { Directory } from './directory.ts';
import type { Ephemerals } from './ephemerals.ts';
import type { Live } from './live.ts';
import type { OpenViews } from './open-views.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Store } from './store.ts';
import type { Triggers } from './triggers.ts';

/** What the workspace is made of; every method of it works on these. */
export type Parts = {
  clock: Clock;
  bodies: Bodies;
  directory: Directory;
  store: Store;
  ephemerals: Ephemerals;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  views: OpenViews;
  live: Live;
  /** The next message's `ts`. */
  nextTs: () => string;
};
