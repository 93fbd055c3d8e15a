import { systemClock } from '#local/clock.ts';
import { lineLog } from '#local/line-log.ts';
import { startStack } from '#local/stack.ts';

/**
 * In place of `local/main.ts`: the stack on a machine whose clock is ahead by `DAYPASS_TEST_AHEAD_MS`, as if it had
 * been down for so long. Signatures keep the time of the wall, since the AWS SDKs do.
 */
const { DAYPASS_TEST_AHEAD_MS, SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET } = process.env;
const aheadMs = Number(DAYPASS_TEST_AHEAD_MS);
const dataFolder = process.argv[process.argv.indexOf('--data') + 1] ?? '';
const wall = systemClock();

const { appUrl, awsUrl } = await startStack({
  port: 0,
  awsPort: 0,
  dataFolder,
  policyPath: 'access.yaml',
  slack: { apiUrl: SLACK_API_URL ?? '', botToken: SLACK_BOT_TOKEN ?? '', signingSecret: SLACK_SIGNING_SECRET ?? '' },
  clock: { ...wall, nowMs: () => wall.nowMs() + aheadMs, at: (atMs, run) => wall.at(atMs - aheadMs, run) },
  log: lineLog(process.stderr),
});
process.stdout.write(`${JSON.stringify({ event: 'ready', app: appUrl, aws: awsUrl, data: dataFolder })}\n`);
