/** What secrets look like, by their issuers' own prefixes and lengths. Sample values of documentation count too. */
const looks: Readonly<Record<string, RegExp>> = {
  'a Slack token': /\bxox[abeoprs]-[\w-]{10,}|\bxapp-\d-[\w-]{10,}/,
  'a Slack signing secret': /(?<![0-9a-f])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{32}(?![0-9a-f])/,
  'an AWS access key': /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/,
  'a private key': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'a resolved parameter': /\{\{resolve:/,
  'the key of the embedded stack': /\bmaster\.key\b/,
};

/** Which kinds of secret stand in a text. The secrets themselves are not repeated. */
export const secretsIn = (text: string): string[] =>
  Object.entries(looks).flatMap(([kind, look]) => (look.test(text) ? [kind] : []));
