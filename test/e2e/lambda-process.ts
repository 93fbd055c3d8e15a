/**
 * As much of Lambda as a packaged function needs: imports the file that is named, then answers each line of stdin, an
 * `{ id, event }`, with a line `{ id, answer }` on stdout. Several at a time.
 */
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [, , path = ''] = process.argv;
const { handler } = (await import(pathToFileURL(path).href)) as {
  handler: (event: unknown, context: object) => Promise<unknown>;
};
const context = { awsRequestId: 'request', functionName: 'packaged', getRemainingTimeInMillis: () => 60_000 };

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, event } = JSON.parse(line) as { id: number; event: unknown };
  void handler(event, context).then((answer) => process.stdout.write(`${JSON.stringify({ id, answer })}\n`));
});
