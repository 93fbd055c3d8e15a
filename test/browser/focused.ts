import type { Page } from 'playwright-core';

/** What has the focus, as a person would name it. */
export const focused = async (page: Page): Promise<string> => {
  const found = page.locator('*:focus');
  return (await found.getAttribute('aria-label')) ?? (await found.textContent()) ?? '';
};
