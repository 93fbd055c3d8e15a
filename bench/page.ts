import { launchChromium } from '#test/browser/chromium.ts';
import { direct, startStackProcess } from './stack-process.ts';
import { spread } from './statistics.ts';

/**
 * From the address to a page that one can type into, in a new browser context each time; the first load builds the
 * page.
 */
export const page = async ({ times }: { times: number }) => {
  const stack = await startStackProcess(direct);
  const browser = await launchChromium();
  try {
    const loadsMs: number[] = [];
    for (let done = 0; done <= times; done++) {
      const context = await browser.newContext();
      const tab = await context.newPage();
      const begunAt = performance.now();
      await tab.goto(`${stack.appUrl}/workspace/?as=alice`);
      await tab.locator('#composer').waitFor();
      loadsMs.push(performance.now() - begunAt);
      await context.close();
    }
    const [first, ...later] = loadsMs;
    return { firstMs: Math.round(first ?? 0), laterMs: spread(later) };
  } finally {
    await browser.close();
    await stack.stop();
  }
};
