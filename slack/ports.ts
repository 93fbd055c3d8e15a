import type { Ports } from '#ports/ports.ts';

/** What the listeners and the ingress in front of them use. */
export type SlackPorts = Pick<
  Ports,
  | 'clock'
  | 'pause'
  | 'ids'
  | 'log'
  | 'policy'
  | 'requests'
  | 'outbox'
  | 'alerts'
  | 'lockdowns'
  | 'logins'
  | 'postings'
  | 'replies'
  | 'secrets'
  | 'slack'
>;
