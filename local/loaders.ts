import type { Destination } from '#functions/mint-credentials/handler.ts';
import type { CliFile } from '#ports/cli-file.ts';
import type { Loader } from './lambda.ts';

/**
 * From a function's name to its deployed code. Each is imported when it is first invoked. `destination`: where
 * credentials are good. `cli`: what people download.
 */
export const loaders = (destination: Destination, cli: CliFile): Readonly<Record<string, Loader>> => ({
  'slack-events': async ({ ports }) => (await import('#functions/slack-events/handler.ts')).build(ports),
  api: async ({ ports, environment }) =>
    (await import('#functions/api/handler.ts')).build(ports, environment.DAYPASS_URL ?? '', cli),
  'mint-credentials': async ({ ports }) =>
    (await import('#functions/mint-credentials/handler.ts')).build(ports, destination),
  'start-workflow': async ({ ports }) => (await import('#functions/start-workflow/handler.ts')).build(ports),
  'open-gate': async ({ ports }) => (await import('#functions/open-gate/handler.ts')).build(ports),
  'hold-gate': async ({ ports }) => (await import('#functions/hold-gate/handler.ts')).build(ports),
  'lapse-request': async ({ ports }) => (await import('#functions/lapse-request/handler.ts')).build(ports),
  'activate-grant': async ({ ports }) => (await import('#functions/activate-grant/handler.ts')).build(ports),
  'revoke-sessions': async ({ ports }) => (await import('#functions/revoke-sessions/handler.ts')).build(ports),
  'report-revocation-failure': async ({ ports }) =>
    (await import('#functions/report-revocation-failure/handler.ts')).build(ports),
  sweep: async ({ ports }) => (await import('#functions/sweep/handler.ts')).build(ports),
  'check-people': async ({ ports }) => (await import('#functions/check-people/handler.ts')).build(ports),
  'settle-execution': async ({ ports }) => (await import('#functions/settle-execution/handler.ts')).build(ports),
  'follow-chain': async ({ ports }) => (await import('#functions/follow-chain/handler.ts')).build(ports),
  'restore-deny': async ({ ports }) => (await import('#functions/restore-deny/handler.ts')).build(ports),
  notify: async ({ ports, environment }) =>
    (await import('#functions/notify/handler.ts')).build(ports, environment.DAYPASS_URL ?? ''),
  detect: async ({ ports }) => (await import('#functions/detect/handler.ts')).build(ports),
  'revoke-alert': async ({ ports }) => (await import('#functions/revoke-alert/handler.ts')).build(ports),
  'close-alert': async ({ ports }) => (await import('#functions/close-alert/handler.ts')).build(ports),
  'expire-alert': async ({ ports }) => (await import('#functions/expire-alert/handler.ts')).build(ports),
  'find-locked': async ({ ports }) => (await import('#functions/find-locked/handler.ts')).build(ports),
  'revoke-locked': async ({ ports }) => (await import('#functions/revoke-locked/handler.ts')).build(ports),
  'report-locked-failure': async ({ ports }) =>
    (await import('#functions/report-locked-failure/handler.ts')).build(ports),
  'finish-lockdown': async ({ ports }) => (await import('#functions/finish-lockdown/handler.ts')).build(ports),
  'report-alert-failure': async ({ ports }) =>
    (await import('#functions/report-alert-failure/handler.ts')).build(ports),
});
