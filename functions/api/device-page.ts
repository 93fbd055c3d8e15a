import { commandName } from '#core/command-name.ts';

const style = `
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 32rem; padding: 2rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
code { display: inline-block; padding: .25rem .6rem; border: 1px solid; border-radius: .4rem; font: 1.15rem ui-monospace, monospace; user-select: all; }
`;

/**
 * The page behind a login's `verification_uri`: what to type in Slack. It takes nothing from its address, so a link to
 * it cannot carry somebody else's code.
 */
export const devicePage = (url: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Daypass: log in</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Log a program in to Daypass</h1>
<p>A program that runs as you shows a code of eight letters. Type it in Slack, in any channel:</p>
<p><code>/access login CODE</code></p>
<p>Slack then shows from where the login was asked for. Confirm it only if you started it yourself, just now:
nobody from your company will ever send you a code.</p>
<p>A code works once, for ten minutes. If yours is too old, run <code>${commandName} login</code> again.
The program itself is at <a href="${url}/cli">${url}/cli</a>.</p>
</main>
</body>
</html>
`;
