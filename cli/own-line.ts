import { exits, Failure } from './failure.ts';

/** Read alike by sh, cmd and the splitting of botocore and the SDKs, without quotes. */
const bare: Readonly<Record<'posix' | 'windows', RegExp>> = {
  posix: /^[\w@+=:,./-]+$/,
  windows: /^[\w@+=:,./\\~-]+$/,
};

/** What some of them read in their own way even between double quotes; ` #` and ` ;` begin a comment in the file. */
const unsafe: Readonly<Record<'posix' | 'windows', RegExp>> = {
  posix: /["\\$`!\p{Cc}]|\s[#;]/u,
  windows: /["%!\p{Cc}]|\s[#;]|\\$/u,
};

const quoted = (word: string, system: 'posix' | 'windows'): string => {
  if (bare[system].test(word)) return word;
  if (!unsafe[system].test(word)) return `"${word}"`;
  throw new Failure(
    exits.usage,
    'unquotable-path',
    `${word} cannot stand in a line of ~/.aws/config: AWS tools read some of its characters differently.`,
    'Move the program to a path of letters, digits, hyphens and spaces.',
  );
};

/**
 * What a profile runs to get credentials: this Node and this file by their whole paths, so that it is the same program
 * whatever folder and PATH there are. Quoted as AWS asks for:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 */
export const credentialProcessLine = (
  self: readonly string[],
  args: readonly string[],
  platform: NodeJS.Platform = process.platform,
): string => {
  const system = platform === 'win32' ? 'windows' : 'posix';
  const words = [...self, 'credential-process', ...args].map((word) => quoted(word, system));
  return `credential_process = ${words.join(' ')}`;
};
