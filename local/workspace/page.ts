import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

const projectRoot = join(import.meta.dirname, '..', '..');
const sourceFolder = join(projectRoot, 'web', 'workspace');

type Asset = { body: Buffer; type: string; etag: string };
type Bundle = { sourcesAt: number; assets: ReadonlyMap<string, Asset> };

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Daypass workspace</title>
<link rel="icon" href="/workspace/icon.svg">
<link rel="stylesheet" href="/workspace/main.css">
<script type="module" src="/workspace/main.js"></script>
</head>
<body><div id="page"></div><noscript>This page needs JavaScript.</noscript></body>
</html>
`;

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/><circle cx="16" cy="16" r="8" fill="none" stroke="#fff" stroke-width="3"/><path d="M16 11v5l4 3" fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round"/></svg>`;

/** Nothing from elsewhere, and never inside another page. */
const headers = {
  'cache-control': 'no-cache',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const asset = (body: string | Uint8Array, type: string): Asset => {
  const bytes = Buffer.from(body);
  return { body: bytes, type, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
};

/** When the newest source was changed, ms. */
const newestSource = async (): Promise<number> => {
  const names = await readdir(sourceFolder, { recursive: true });
  const times = await Promise.all(names.map(async (name) => (await stat(join(sourceFolder, name))).mtimeMs));
  return Math.max(0, ...times);
};

const bundle = async (sourcesAt: number): Promise<Bundle> => {
  const esbuild = await import('esbuild');
  const built = await esbuild.build({
    absWorkingDir: projectRoot,
    entryPoints: [join(sourceFolder, 'main.tsx')],
    outdir: '/workspace',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  // The bundler works in a process of its own, which would otherwise outlive the page.
  await esbuild.stop();
  const find = (end: string): string => built.outputFiles.find((file) => file.path.endsWith(end))?.text ?? '';
  return {
    sourcesAt,
    assets: new Map([
      ['/workspace/main.js', asset(find('.js'), 'text/javascript; charset=utf-8')],
      ['/workspace/main.css', asset(find('.css'), 'text/css; charset=utf-8')],
      ['/workspace/icon.svg', asset(icon, 'image/svg+xml')],
    ]),
  };
};

/** The page and its two files: built at the first request, again when a source has changed, and served from memory. */
export const createPage = () => {
  let current: Promise<Bundle> | undefined;
  const fresh = async (): Promise<Bundle> => {
    const sourcesAt = await newestSource();
    const known = await current?.catch(() => undefined);
    if (known && known.sourcesAt === sourcesAt) return known;
    current = bundle(sourcesAt);
    return current;
  };
  let asking: Promise<Bundle> | undefined;
  /** Requests that come together share one look at the sources. */
  const latest = (): Promise<Bundle> => {
    asking ??= fresh().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const send = (req: IncomingMessage, res: ServerResponse, found: Asset): void => {
    if (req.headers['if-none-match'] === found.etag) {
      res.writeHead(304, { ...headers, etag: found.etag }).end();
      return;
    }
    res.writeHead(200, { ...headers, 'content-type': found.type, etag: found.etag });
    res.end(req.method === 'HEAD' ? undefined : found.body);
  };
  /** True for a path that the page's own files or views have. */
  return async (req: IncomingMessage, res: ServerResponse, pathname: string): Promise<boolean> => {
    const isView = pathname === '/workspace/' || /^\/workspace\/archives\/\w+\/p\d+$/.test(pathname);
    if (isView) {
      void latest().catch(() => undefined);
      send(req, res, asset(html, 'text/html; charset=utf-8'));
      return true;
    }
    if (!['/workspace/main.js', '/workspace/main.css', '/workspace/icon.svg'].includes(pathname)) return false;
    const found = (await latest()).assets.get(pathname);
    if (found) send(req, res, found);
    return found !== undefined;
  };
};
