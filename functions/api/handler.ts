import { packagedCli } from '#adapters/packaged-cli.ts';
import { lockdowns, logins, outbox, replies, requests } from '#adapters/port-factories.ts';
import { production, productionSetting } from '#adapters/production.ts';
import { createPace, type Pace } from '#functions/http/pace.ts';
import { http } from '#functions/middy/http.ts';
import { lazily } from '#functions/middy/lazily.ts';
import type { CliFile } from '#ports/cli-file.ts';
import { respond } from './respond.ts';
import type { ApiPorts } from './route.ts';

/** The HTTP API beside Slack. `url` is where the app is reached from outside, without a slash at its end. */
export const build = (ports: ApiPorts, url: string, cli: CliFile, pace: Pace = createPace(ports)) =>
  http(ports.log, (event) => respond({ event, url, cli, pace }, ports));

export const handler = lazily(() =>
  build(production({ requests, lockdowns, outbox, logins, replies }), productionSetting('DAYPASS_URL'), packagedCli()),
);
