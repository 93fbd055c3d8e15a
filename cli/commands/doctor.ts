import type { Context } from '../context.ts';
import { examine } from '../doctor/examine.ts';
import { awsFilesIn, type DoctorOptions, installationOf } from '../doctor/installation.ts';
import { render, summaryLine } from '../doctor/render.ts';
import { summaryOf } from '../doctor/report.ts';
import { type Exit, exits, interrupted } from '../failure.ts';

/** Looks at an installation. Ends with 1 where something has failed. */
export const run = async (context: Context, options: DoctorOptions): Promise<Exit> => {
  const { json, print, signal } = context;
  if (options.local !== undefined) {
    // The SDKs read these from the process and from nowhere else.
    Object.assign(process.env, awsFilesIn(options.local === true ? '.daypass' : options.local));
  }
  const installation = await installationOf(context, options);
  const lines = await examine(installation, signal).catch((error: unknown) => {
    throw signal.aborted ? interrupted() : error;
  });
  const summary = summaryOf(lines);
  const failed = summary.failure > 0;
  if (json) {
    const data = { checks: lines, summary };
    const error = { code: 'failures-found', message: `${summaryLine(summary)}.` };
    print(JSON.stringify(failed ? { ok: false, error, data } : { ok: true, data }));
  } else {
    for (const line of render(lines, summary, context.colour)) print(line);
  }
  return failed ? exits.unexpected : exits.ok;
};
