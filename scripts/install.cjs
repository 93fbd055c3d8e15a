// Runs before every npm script, under whatever Node is there: brings in the dependencies, and with them Node 24, when
// they are missing or the lock file has changed.
const { execSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const { join } = require('node:path');

const root = join(__dirname, '..');
const marker = join(root, 'node_modules', '.daypass-installed');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

const installed = () => {
  try {
    return readFileSync(marker, 'utf8') === wanted;
  } catch {
    return false;
  }
};

if (!installed()) {
  process.stderr.write('Daypass: installing its dependencies (once)…\n');
  try {
    // Not `npm ci`: it refuses a lock file without the optional packages of other platforms, and not every registry has
    // them all. What the lock file names is installed exactly as it says; neither file is written.
    execSync('npm install --no-save --no-audit --no-fund --loglevel=error', { cwd: root, stdio: ['ignore', 2, 2] });
  } catch {
    process.stderr.write(
      'Daypass: npm install did not succeed; the lines above say why. Check the network and run the command again.\n',
    );
    process.exit(1);
  }
  writeFileSync(marker, wanted);
}

// npm puts node_modules/.bin first on the PATH of what runs next, so this is the Node that it gets.
const own = execSync('node --version', { cwd: root, encoding: 'utf8' }).trim();
if (Number(own.slice(1).split('.')[0]) < 24) {
  process.stderr.write(
    `Daypass needs Node 24, and there is only ${own || 'none'} on this ${process.platform}-${process.arch}. Install Node 24 and run the command again.\n`,
  );
  process.exit(1);
}
