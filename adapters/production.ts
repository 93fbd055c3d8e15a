import type { EnvironmentName } from '#functions/config.ts';
import { embeddedMetrics } from './metrics.ts';
import { type Maker, portsIn, settingIn } from './surroundings.ts';

/** To the function's log, past `console`. */
const metrics = embeddedMetrics((line) => process.stdout.write(line), { nowMs: Date.now });

/** The ports of a deployed function. Only in this file is the process's environment read. */
export const production = <Makers extends Readonly<Record<string, Maker<unknown>>>>(makers: Makers) =>
  portsIn({ environment: process.env, metrics }, makers);

/** Where a deployed function runs: Lambda sets it. */
export const productionRegion = (): string => process.env.AWS_REGION ?? 'us-east-1';

/** A setting of a deployed function. Throws `SettingMissing`. */
export const productionSetting = (name: EnvironmentName): string => settingIn(process.env, name);
