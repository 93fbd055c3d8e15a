import { join } from 'node:path';

/**
 * For the environment of processes that tests start: what V8 has compiled once is not compiled anew by each of them,
 * which is half of their start. https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
 */
export const compileCache = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/daypass-tests'),
} as const;
