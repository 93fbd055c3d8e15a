import { commandFileName, commandName } from '#core/command-name.ts';
import { sha256 } from '#core/sha256.ts';
import type { Run } from './route.ts';

const path = `/cli/${commandFileName}`;

/** Whoever kept a copy asks whether it is still the one. */
const revalidated = { 'cache-control': 'no-cache' };

/** The command line itself. No credential is in it, so it is there before anybody has logged in. */
export const file: Run = async ({ event, cli }) => {
  const text = await cli();
  const headers = {
    ...revalidated,
    etag: `"${sha256(text)}"`,
    'content-type': 'text/javascript; charset=utf-8',
    'content-disposition': `attachment; filename="${commandFileName}"`,
  };
  if (event.headers['if-none-match'] === headers.etag) return { status: 304, body: '', headers };
  return { status: 200, body: text, headers };
};

/** How to install it, as plain text. */
export const cliPage = (url: string, text: string): string => {
  const digest = sha256(text);
  const address = `${url}${path}`;
  return `The command ${commandName}, for your own machine: one file, for Node 20.3 or newer, with nothing else to install.

  file     ${address}
  bytes    ${Buffer.byteLength(text)}
  sha256   ${digest}

Linux and macOS:

  mkdir -p ~/.local/bin && cd ~/.local/bin
  curl --fail --silent --show-error --output ${commandFileName} ${address}
  echo "${digest}  ${commandFileName}" | shasum -a 256 --check &&
    chmod 755 ${commandFileName} && ln -sf ${commandFileName} ${commandName}

Where there is no shasum: sha256sum --check. Have ~/.local/bin on your PATH. Then, in a new terminal:

  ${commandName} login --api ${url}
  ${commandName} --help

Windows, in PowerShell:

  Invoke-WebRequest ${address} -OutFile "$HOME\\${commandFileName}"
  (Get-FileHash "$HOME\\${commandFileName}" -Algorithm SHA256).Hash -eq "${digest}"
  Set-Content "$HOME\\${commandName}.cmd" '@node "%~dp0${commandFileName}" %*'

Have $HOME on your PATH, or move both files to a folder that is.

File and sha256 come from the same place here. Whoever packaged this installation was shown the sha256 too: compare
with what they tell you, if you have reason to. A new version of Daypass has a new file; download it again.

Do not get "${commandName}" from a package registry: what is called so there is not this program.
`;
};

export const instructions: Run = async ({ url, cli }) => ({
  status: 200,
  body: cliPage(url, await cli()),
  headers: { ...revalidated, 'content-type': 'text/plain; charset=utf-8' },
});
