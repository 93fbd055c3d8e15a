/** Posts one message into the database named on the command line, says so, and is killed by its parent. */
import { DatabaseSync } from 'node:sqlite';
import { startWorkspace } from './running-workspace.ts';

const { client } = await startWorkspace({ db: new DatabaseSync(process.argv[2] ?? '') });
const { ts } = await client.chat.postMessage({ channel: 'U0ALICE', text: 'answered ok' });
process.stdout.write(`${ts}\n`);
