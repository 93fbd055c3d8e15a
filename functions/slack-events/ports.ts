/** What this function reaches beyond itself; a module of its own, so that it can be loaded later. */
export {
  alerts,
  lockdowns,
  logins,
  outbox,
  postings,
  replies,
  requests,
  secrets,
  slack,
} from '#adapters/port-factories.ts';
