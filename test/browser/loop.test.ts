import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lineLog } from '#local/line-log.ts';
import { type Stack, startStack } from '#local/stack.ts';
import { launchChromium } from './chromium.ts';

/** The whole of Daypass behind the page: what a newcomer clicks through. */

let browser: Browser;
let context: BrowserContext;
let stack: Stack;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);
afterAll(() => browser.close());
beforeEach(async () => {
  stack = await startStack({ port: 0, awsPort: 0, policyPath: 'access.yaml', log: lineLog(process.stderr) });
  context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  context.setDefaultTimeout(20_000);
});
afterEach(async () => {
  await context.close();
  await stack.stop();
  expect(complaints.splice(0)).toEqual([]);
});

const openAs = async (handle: string): Promise<Page> => {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${stack.workspaceUrl}?as=${handle}`);
  await page.locator('#composer').waitFor();
  return page;
};

const say = async (page: Page, text: string): Promise<void> => {
  await page.locator('#composer').fill(text);
  await page.locator('#composer').press('Enter');
};

describe('a person at the page', () => {
  it('asks by the form, is approved by another, and ends the grant; the card tells all of it', async () => {
    const alice = await openAs('alice');
    const bob = await openAs('bob');
    await alice.bringToFront();
    await say(alice, '/access');
    const form = alice.getByRole('dialog', { name: 'Ask for access' });
    await form.getByLabel('What').selectOption('orders-admin');
    await form.getByLabel('How long').fill('10m');
    await form.getByLabel('Why').fill('fixing INC-42');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.waitFor({ state: 'detached' });

    await alice.getByText('Waiting for approval').first().waitFor();
    await alice
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    await alice.getByText('You cannot vote on your own request.').first().waitFor();

    await bob.bringToFront();
    await bob
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    await bob.getByText('Active').first().waitFor();

    await alice.bringToFront();
    await alice.getByText('Active').first().waitFor();
    await alice
      .getByRole('button', { name: /^I.m done/ })
      .first()
      .click();
    await alice.getByText('Ended').first().waitFor();
  });

  it('asks for more time by the form, another approves it in the channel, and the card has the new end', async () => {
    const alice = await openAs('alice');
    const bob = await openAs('bob');
    await alice.bringToFront();
    await say(alice, '/access orders-admin 10m fixing INC-42');
    await bob.bringToFront();
    await bob
      .getByRole('button', { name: /^Approve/ })
      .first()
      .click();
    await alice.bringToFront();
    await alice
      .getByRole('button', { name: /^Extend/ })
      .first()
      .click();
    const form = alice.getByRole('dialog', { name: 'Ask for more time' });
    await form.getByText('At most 3 h 50 min more').waitFor();
    await form.getByLabel('How much longer').fill('9h');
    await form.getByLabel('Why').fill('INC-42 takes longer <!channel>');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.getByText('it can be extended by at most 3 hours 50 minutes').waitFor();
    await form.getByLabel('How much longer').fill('30m');
    await form.getByRole('button', { name: 'Ask' }).click();
    await form.waitFor({ state: 'detached' });

    const asked = alice.locator('.message', { hasText: 'More time is asked for' });
    await asked.getByText('Why: INC-42 takes longer <!channel>').waitFor();
    await alice.getByText('Daypass replied in the channel').waitFor();
    await expect.poll(() => alice.getByRole('button', { name: /^Extend/ }).count()).toBe(0);
    await asked.getByRole('button', { name: 'Approve 30 min more of orders-admin' }).click();
    await alice.getByText('You cannot vote on your own request.').first().waitFor();

    await bob.bringToFront();
    await bob.getByRole('button', { name: 'Approve 30 min more of orders-admin' }).click();
    await bob.getByText(/^Approved by/).waitFor();
    await expect.poll(() => bob.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    await bob.getByText('extended by 30 min, approved by').first().waitFor();
    await bob.getByText('for 40 min').first().waitFor();
    await alice.bringToFront();
    await alice.getByRole('button', { name: /^Daypass ?,/ }).click();
    await alice.locator('.message').getByText('Take new credentials').waitFor();
  });

  it('sees below what happens: the execution and its states', async () => {
    const alice = await openAs('alice');
    await say(alice, '/access orders-read 10m looking at INC-42');
    await alice.getByText('Active').first().waitFor();
    await alice.getByText('AwaitEnd').first().waitFor();
  });

  it('who may ask for nothing is told so, and whom to ask', async () => {
    const dave = await openAs('dave');
    await say(dave, '/access');
    await dave.getByText('There is nothing that you may ask for').first().waitFor();
  });
});
