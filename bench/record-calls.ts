import { appendFileSync } from 'node:fs';
import { onCall } from './recorded-call.ts';

/*
 * Loaded into a stack before its own code, by `node --import`: it writes one line for each call to AWS to the file that
 * DAYPASS_BENCH_CALLS names. It knows nothing of the stack's code, so that an older one is counted in the same way.
 */

const file = process.env.DAYPASS_BENCH_CALLS;
if (file) onCall((call) => appendFileSync(file, `${JSON.stringify(call)}\n`));
