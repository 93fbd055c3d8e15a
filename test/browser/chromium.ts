import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import packed, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** Headless and alone: nothing in the background, nothing over the network but what a test asks for. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--no-proxy-server',
];

const require = createRequire(import.meta.url);
const packageFolder = join(dirname(require.resolve('@sparticuz/chromium')), '..');

/** Where this user's unpacked browser is; a folder of its own, since the package's name for it is everybody's. */
const unpackedFolder = (): string => join(tmpdir(), `daypass-chromium-${process.getuid?.() ?? 'user'}`);

/** The package's own list of font folders is for Lambda: with it no letter would be drawn here. */
const fontsFor = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;

/**
 * Unpacks the browser once. The package unpacks straight to its final name, where a second test would start it half
 * written; so it is unpacked aside and renamed when it is whole.
 */
const unpack = async (): Promise<string> => {
  const folder = unpackedFolder();
  if (existsSync(folder)) return folder;
  const aside = await mkdtemp(join(tmpdir(), 'daypass-chromium-new-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = aside;
  try {
    await packed.executablePath(join(packageFolder, 'bin'));
    await inflate(join(packageFolder, 'bin', 'al2023.tar.br'));
    await writeFile(join(aside, 'fonts', 'fonts.conf'), fontsFor(folder));
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  // Another test was faster: its folder stays.
  await rename(aside, folder).catch(() => rm(aside, { recursive: true, force: true }));
  return folder;
};

type Attempt = { executablePath: string; env: Record<string, string> };

const ownEnv = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** The browser from the package, then the same with the libraries that came with it, then the machine's own. */
const attempts = async (): Promise<readonly Attempt[]> => {
  const env = ownEnv();
  const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
    .filter((path) => existsSync(path))
    .map((executablePath) => ({ executablePath, env }));
  if (process.platform !== 'linux' || process.arch !== 'x64') return installed;
  const folder = await unpack();
  const executablePath = join(folder, 'chromium');
  const withFonts = { ...env, FONTCONFIG_PATH: join(folder, 'fonts') };
  const libraries = [join(folder, 'al2023', 'lib'), env.LD_LIBRARY_PATH ?? ''].filter((each) => each !== '').join(':');
  return [
    { executablePath, env: withFonts },
    { executablePath, env: { ...withFonts, LD_LIBRARY_PATH: libraries } },
    ...installed,
  ];
};

/** Starts a headless Chromium; the caller closes it. Throws, with each reason, when none can be started. */
export const launchChromium = async (): Promise<Browser> => {
  const reasons: string[] = [];
  for (const { executablePath, env } of await attempts()) {
    try {
      return await chromium.launch({ executablePath, env, args, headless: true });
    } catch (error) {
      reasons.push(`${executablePath}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`No Chromium could be started. Install one (Debian: chromium).\n${reasons.join('\n')}`);
};
