import type { SettingName } from '#ports/setting.ts';
import { embeddedMetrics } from './metrics.ts';
import { type PortFactory, portsIn, settingIn } from './runtime.ts';

/** To the function's log, past `console`. */
const metrics = embeddedMetrics((line) => process.stdout.write(line), { nowMs: Date.now });

/** The ports of a deployed function. Only in this file is the process's environment read. */
export const production = <Factories extends Readonly<Record<string, PortFactory<unknown>>>>(factories: Factories) =>
  portsIn({ environment: process.env, metrics }, factories);

/** Where a deployed function runs: Lambda sets it. */
export const productionRegion = (): string => process.env.AWS_REGION ?? 'us-east-1';

/** A setting of a deployed function. Throws `SettingMissing`. */
export const productionSetting = (name: SettingName): string => settingIn(process.env, name);
