import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BusEvent } from './aws/events/bus-event.ts';
import { lineLog } from './line-log.ts';
import { readPublicUrl, readRealAws, readSlack, readTrustedProxies } from './node/settings.ts';
import { type Stack, startStack } from './stack.ts';

const help = `Starts all of Daypass on this machine: Slack workspace, API, state machines, and the AWS that they need.

  npm start -- [options]

  --port N        the app's port (default 4600, 0 = any free one)
  --aws-port N    the AWS endpoint's port (default 4601, 0 = any free one)
  --data DIR      where everything is kept (default .daypass); survives restarts
  --ephemeral     keep nothing
  --policy FILE   the access policy (default access.yaml)
  --json          events as one JSON object per line on stdout
  --help          this text

With SLACK_API_URL set, Daypass talks to that Slack (with SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET) and starts no workspace.

A single node for a small team (docs/single-node.md): your own Slack and your own AWS, everything else on this machine.

  --aws real      lend access in the real AWS, under the role that the policy names as \`broker\` of the hub
  --regions A,B   where role assumptions are watched (default: the 17 regions that every account has; us-east-1 always)
  --trail-every N seconds between two looks into CloudTrail (default 60)
  --trust-machine the database may stay open to other users of this machine, where the system cannot close it
  --url URL       the address under which people reach the app
  --trusted-proxies N  how many proxies of yours stand in front of it, each of which adds to X-Forwarded-For; without it
                  a login behind a proxy says that its address is unknown

  SLACK_APP_TOKEN (xapp-...) and SLACK_BOT_TOKEN (xoxb-...)   Slack by Socket Mode: nothing on this machine has to be reachable
  AWS_REGION, AWS_PROFILE, AWS_ACCESS_KEY_ID, ...             the usual ones of the AWS SDKs, AWS_ENDPOINT_URL_STS, _IAM and
                                                              _CLOUDTRAIL among them

Secrets are taken from the environment only. They are neither logged nor written to disk.
`;

const readPort = (text: string, option: string): number => {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${option} takes a port from 0 to 65535, not "${text}".`);
};

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4600' },
      'aws-port': { type: 'string', default: '4601' },
      data: { type: 'string', default: '.daypass' },
      ephemeral: { type: 'boolean', default: false },
      policy: { type: 'string', default: 'access.yaml' },
      json: { type: 'boolean', default: false },
      aws: { type: 'string', default: 'embedded' },
      regions: { type: 'string' },
      'trail-every': { type: 'string' },
      'trust-machine': { type: 'boolean', default: false },
      url: { type: 'string' },
      'trusted-proxies': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, port: readPort(values.port, '--port'), awsPort: readPort(values['aws-port'], '--aws-port') };
};

const json = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

const announce = (stack: Stack, asJson: boolean): void => {
  const { appUrl, awsUrl, workspaceUrl, dataFolder } = stack;
  if (asJson)
    json({
      event: 'ready',
      app: appUrl,
      aws: awsUrl,
      ...(workspaceUrl && { workspace: workspaceUrl }),
      data: dataFolder,
    });
  else {
    process.stdout.write(`
  Daypass is ready. ${stack.brokerArn ? `It lends access in the real AWS as ${stack.brokerArn}.` : 'Everything runs on this machine; nothing here is for production.'}

  ${workspaceUrl ? `Workspace   ${workspaceUrl}?as=alice   type /access as Alice, approve as Bob` : `Slack       ${stack.slack.apiUrl}`}
  App         ${appUrl}
  ${stack.brokerArn ? 'Engines ' : 'AWS     '}    ${awsUrl}
  Data        ${dataFolder}   ${stack.brokerArn ? 'back it up, and let nobody else read it' : `AWS profiles in ${dataFolder}/aws`}

  Stop with Ctrl-C.
`);
  }
};

/** What went wrong, for the person who typed the command. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    const port = 'port' in error ? String(error.port) : 'The port';
    return `Port ${port} is taken by another program. Stop it, or choose others: npm start -- --port 0 --aws-port 0`;
  }
  if ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    return `${error.message.split('. ')[0]}. npm start -- --help lists the options.`;
  }
  return error.message;
};

/** The parent of a process, where the system shows it as Linux does. */
const parentOf = (pid: number): string | undefined => {
  try {
    return /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
};

/**
 * A killed npm tells nobody, and this process would go on behind the back of whoever killed it. Between npm and this
 * process there may be a shell, which lives on.
 */
const endWithNpm = (stop: () => void): void => {
  const lineage = (): string => `${process.ppid} ${parentOf(process.ppid)}`;
  const atStart = lineage();
  setInterval(() => {
    if (lineage() !== atStart) stop();
  }, 250).unref();
};

const main = async (): Promise<void> => {
  const options = readOptions();
  if (options.help) return void process.stdout.write(help);
  const slack = readSlack(process.env);
  const realAws = readRealAws(options, slack);
  const publicUrl = readPublicUrl(options.url);
  const trustedProxies = readTrustedProxies(options['trusted-proxies']);
  if (slack.kind === 'workspace' && process.env.SLACK_BOT_TOKEN) {
    process.stderr.write(
      'SLACK_BOT_TOKEN alone names no Slack: the built-in workspace is used. For your own, set SLACK_APP_TOKEN too.\n',
    );
  }
  const stack = await startStack({
    port: options.port,
    awsPort: options.awsPort,
    ...(!options.ephemeral && { dataFolder: options.data }),
    policyPath: options.policy,
    ...(slack.kind !== 'workspace' && { slack }),
    ...(realAws && { realAws }),
    ...(publicUrl !== undefined && { publicUrl }),
    trustedProxies,
    ...(process.env.SLACK_SIGNING_SECRET && { signingSecret: process.env.SLACK_SIGNING_SECRET }),
    log: lineLog(process.stderr),
    ...(options.json && {
      onEvent: (event: BusEvent) => json({ event: event['detail-type'], ...event.detail }),
    }),
  });
  const stop = (): void => void stack.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.env.npm_lifecycle_event === 'start') endWithNpm(stop);
  announce(stack, options.json);
  await stack.warm();
};

main().catch((error: unknown) => {
  process.stderr.write(`Daypass did not start. ${explain(error)}\n`);
  process.exit(1);
});
