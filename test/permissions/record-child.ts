import { type Asked, askedChannel } from '#local/aws/iam/authorized.ts';
import { changePermissions } from './changed.ts';
import { appendLine, childVariable } from './recording.ts';

/** Loaded before the stack of a child process: it records as the test's own process does, and with the same changes. */
const file = process.env[childVariable];
if (file !== undefined) {
  changePermissions();
  askedChannel.subscribe((asked) => appendLine(file, asked as Asked));
}
