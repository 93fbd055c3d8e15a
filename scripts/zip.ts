import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';

/** The earliest that a zip can say; noon, so that no time zone makes it a day earlier. */
const always = '1980-01-01T12:00:00';

/** Unix, and a file that everybody may read: what Lambda wants, whatever this machine's umask. */
const readable = { os: 3, attrs: (0o100_644 << 16) >>> 0 };

/** The files of a folder as a zip. The same files give the same bytes, on any machine and at any time. */
export const zipFolder = (folder: string): Uint8Array => {
  const names = readdirSync(folder).sort();
  const files: Zippable = Object.fromEntries(
    names.map((name) => [name, [readFileSync(join(folder, name)), { ...readable, mtime: always, level: 9 }]]),
  );
  return zipSync(files);
};
