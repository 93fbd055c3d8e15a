import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LongTermCredentials } from './identity.ts';

export type Profiles = {
  endpointUrl: string;
  region: string;
  /** One profile each, named by `profile`. */
  users: readonly { profile: string; credentials: LongTermCredentials }[];
};

const writePrivate = (file: string, text: string): void => {
  writeFileSync(file, text, { mode: 0o600 });
  // The mode above counts only for a file that is new.
  chmodSync(file, 0o600);
};

/**
 * Writes `config` and `credentials` into `dir` as the AWS CLI and the SDKs read them (AWS_CONFIG_FILE,
 * AWS_SHARED_CREDENTIALS_FILE). Whoever reads them acts as those users of the embedded stack.
 */
export const writeProfiles = (dir: string, { endpointUrl, region, users }: Profiles): void => {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const config = users.map(
    ({ profile }) => `[profile ${profile}]\nregion = ${region}\noutput = json\nendpoint_url = ${endpointUrl}\n`,
  );
  const credentials = users.map(
    ({ profile, credentials: { accessKeyId, secretAccessKey } }) =>
      `[${profile}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
  );
  writePrivate(join(dir, 'config'), config.join('\n'));
  writePrivate(join(dir, 'credentials'), credentials.join('\n'));
};
