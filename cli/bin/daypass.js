#!/usr/bin/env node
// Plain JavaScript that any Node since 12 can parse: it finds one that can run the rest.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const needed = 24;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const runUnder = (node) => {
  const child = spawn(node, [here('./daypass.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends its signals to both; the child decides what they mean.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', () => giveUp());
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
};

const giveUp = () => {
  process.stderr.write(
    `daypass: needs Node ${needed} or newer, and this is ${process.versions.node}. ` +
      'Run `npm run check` in the clone (it brings its own), or install a newer Node.\n',
  );
  process.exit(1);
};

if (Number(process.versions.node.split('.')[0]) >= needed) {
  import('../daypass.ts');
} else {
  const own = here(`../../node_modules/.bin/node${process.platform === 'win32' ? '.exe' : ''}`);
  if (existsSync(own)) runUnder(own);
  else giveUp();
}
