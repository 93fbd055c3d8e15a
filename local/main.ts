import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BusEvent } from './aws/events/bus-event.ts';
import { lineLog } from './line-log.ts';
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
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, port: readPort(values.port, '--port'), awsPort: readPort(values['aws-port'], '--aws-port') };
};

const externalSlack = (env: NodeJS.ProcessEnv) => {
  if (!env.SLACK_API_URL) return {};
  const signingSecret = env.SLACK_SIGNING_SECRET;
  if (!signingSecret)
    throw new Error(
      'SLACK_API_URL is set and SLACK_SIGNING_SECRET is not. Set it to the signing secret of the Slack app.',
    );
  return { slack: { apiUrl: env.SLACK_API_URL, botToken: env.SLACK_BOT_TOKEN || 'xoxb-not-set', signingSecret } };
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
  Daypass is ready. Everything runs on this machine; nothing here is for production.

  ${workspaceUrl ? `Workspace   ${workspaceUrl}?as=alice   type /access as Alice, approve as Bob` : `Slack       ${stack.slack.apiUrl}`}
  App         ${appUrl}
  AWS         ${awsUrl}
  Data        ${dataFolder}   AWS profiles in ${dataFolder}/aws

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
  const stack = await startStack({
    port: options.port,
    awsPort: options.awsPort,
    ...(!options.ephemeral && { dataFolder: options.data }),
    policyPath: options.policy,
    ...externalSlack(process.env),
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
