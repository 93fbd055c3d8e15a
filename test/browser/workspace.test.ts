import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '#local/clock.ts';
import type { Machinery } from '#local/workspace/machinery.ts';
import { lastOf, type Running, startWorkspace } from '#test/local/workspace/running-workspace.ts';
import { card, filledIn, smallApp } from '#test/local/workspace/small-app.ts';
import { launchChromium } from './chromium.ts';
import { focused } from './focused.ts';

/** A person's path through the page, with a small app behind it that answers, posts and opens forms. */

const machinery: Machinery = {
  executions: async () => [
    {
      name: '01REQUEST',
      machine: 'access-request',
      status: 'RUNNING',
      startedAt: '2026-11-22T10:00:00Z',
      currentState: 'AwaitApproval',
      states: [{ name: 'AwaitApproval', enteredAt: '2026-11-22T10:00:00Z' }],
    },
  ],
  trail: async () => [
    {
      eventId: 'e1',
      eventTime: '2026-11-22T10:00:00Z',
      eventName: 'GetItem',
      account: '222222222222',
      who: 'alice',
      target: 'OrdersTable',
      errorCode: 'AccessDenied',
    },
  ],
  denies: async () => [],
};

let browser: Browser;
let context: BrowserContext;
let workspace: Running;
const clock = systemClock();
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);
afterAll(() => browser.close());
beforeEach(async () => {
  workspace = await startWorkspace({ clock, machinery });
  workspace.answerWith(smallApp(workspace));
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(10_000);
});
afterEach(async () => {
  await context.close();
  await workspace.close();
  clock.stop();
  expect(complaints.splice(0)).toEqual([]);
});

const openAs = async (handle: string): Promise<Page> => {
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${workspace.url}/workspace/?as=${handle}`);
  await page.locator('#composer').waitFor();
  return page;
};

describe('by keyboard alone', () => {
  it('ask by the form, correct it, see the card; another approves it and everybody sees so at once', async () => {
    const alice = await openAs('alice');
    const bob = await openAs('bob');
    await alice.bringToFront();
    await expect.poll(() => focused(alice)).toBe('Message to #access');
    await alice.keyboard.type('/access');
    await alice.keyboard.press('Enter');
    const dialog = alice.getByRole('dialog', { name: 'Ask for access' });
    await dialog.waitFor();
    await expect.poll(() => dialog.getByLabel('What').and(alice.locator('*:focus')).count()).toBe(1);

    await alice.keyboard.press('Control+Enter');
    await dialog.getByText('This is needed. Please fill it in.').first().waitFor();
    expect(workspace.received.filter(({ payload }) => payload.type === 'view_submission')).toEqual([]);

    await dialog.getByLabel('What').focus();
    await alice.keyboard.type('orders-a');
    await alice.keyboard.press('Tab');
    await alice.keyboard.type('because');
    await alice.keyboard.press('Enter');
    await dialog.getByText('Say what for.').waitFor();
    await dialog.getByLabel('Why').fill('INC-42 <b>&</b> *more*');
    await alice.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(filledIn(lastOf(workspace.received).payload, 'what', 'selected_option')).toMatchObject({
      value: 'orders-admin',
    });
    await expect.poll(() => focused(alice)).toBe('Message to #access');

    await alice.getByRole('button', { name: 'Approve' }).focus();
    await alice.keyboard.press('Enter');
    await alice.getByText('You cannot approve your own request.').first().waitFor();
    await expect.poll(() => alice.getByText('Only visible to you').count()).toBe(1);
    await expect.poll(() => bob.getByText('Only visible to you').count()).toBe(0);

    await bob.bringToFront();
    await bob.getByRole('button', { name: 'Approve' }).focus();
    await bob.keyboard.press('Enter');
    await bob.getByText('Approved').first().waitFor();
    await alice.bringToFront();
    await alice.getByText('Approved').first().waitFor();
    await expect.poll(() => alice.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    await alice.getByRole('button', { name: 'access', exact: true }).focus();
    await alice.keyboard.press('ArrowDown');
    await alice.keyboard.press('ArrowDown');
    await expect.poll(() => focused(alice)).toBe('Daypass, unread');
    await alice.keyboard.press('Enter');
    await alice.locator('code', { hasText: 'daypass exec orders-admin' }).waitFor();
    await expect
      .poll(() => alice.getByRole('status').textContent())
      .toBe('Daypass in direct messages: Approved: daypass exec orders-admin');
    await alice.locator('.unread').waitFor({ state: 'detached' });
  });

  it('a question before something is done can be answered no, and Esc is no', async () => {
    await workspace.client.chat.postMessage({ channel: 'C0ACCESS', text: 'card', blocks: card('x') });
    const bob = await openAs('bob');
    await bob.getByRole('button', { name: 'Deny' }).focus();
    await bob.keyboard.press('Enter');
    const question = bob.getByRole('dialog', { name: 'Deny this?' });
    await question.waitFor();
    await bob.keyboard.press('Escape');
    await question.waitFor({ state: 'detached' });
    await expect.poll(() => focused(bob)).toBe('Deny');
    expect(workspace.received).toEqual([]);
    await bob.keyboard.press('Enter');
    await question.getByRole('button', { name: 'Deny it' }).press('Enter');
    await bob.getByText('Denied').first().waitFor();
  });

  it('Esc closes a form, the app hears nothing, and the focus is back where one writes', async () => {
    const alice = await openAs('alice');
    await alice.keyboard.type('/access');
    await alice.keyboard.press('Enter');
    await alice.getByRole('dialog').waitFor();
    await alice.keyboard.press('Escape');
    await alice.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(alice)).toBe('Message to #access');
    expect(workspace.received).toHaveLength(1);
  });

  it('hints complete a command, and the arrow up brings back what was sent', async () => {
    const alice = await openAs('alice');
    await alice.keyboard.type('/access he');
    await alice.getByRole('option').getByText('/access help').waitFor();
    await alice.keyboard.press('Tab');
    const box = alice.locator('#composer');
    await expect.poll(() => box.inputValue()).toBe('/access help');
    await alice.keyboard.press('Enter');
    await alice.getByRole('link', { name: 'More' }).waitFor();
    await alice.keyboard.type('hello');
    await alice.keyboard.press('Enter');
    await expect.poll(() => box.inputValue()).toBe('');
    await alice.keyboard.press('ArrowUp');
    await alice.keyboard.press('ArrowUp');
    await expect.poll(() => box.inputValue()).toBe('/access help');
    await alice.keyboard.press('ArrowDown');
    await alice.keyboard.press('ArrowDown');
    await expect.poll(() => box.inputValue()).toBe('');
  });
});

it('what people write is text, never markup of the page', async () => {
  const alice = await openAs('alice');
  await alice.keyboard.type('<img src=x onerror=alert(1)> *bold* <@U0BOB>');
  await alice.keyboard.press('Enter');
  const message = alice.locator('.message').first();
  await message.waitFor();
  await expect.poll(() => message.locator('.mrkdwn').textContent()).toBe('<img src=x onerror=alert(1)> bold <@U0BOB>');
  await expect.poll(() => message.locator('img, .mention').count()).toBe(0);
});

it('switching the person shows what that person sees, and the address says who it is', async () => {
  await workspace.client.chat.postEphemeral({ channel: 'C0ACCESS', user: 'U0ALICE', text: 'only for Alice' });
  const page = await openAs('alice');
  await page.getByText('only for Alice').waitFor();
  await page.getByRole('button', { name: 'Act as Bob' }).click();
  await page.getByText('#access is quiet').waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('as')).toBe('bob');
  await page.keyboard.type('as Bob now');
  await page.keyboard.press('Enter');
  await page.locator('.author', { hasText: 'Bob' }).waitFor();
});

it('an app that does not take a press is told to the person, with what to do', async () => {
  await workspace.client.chat.postMessage({ channel: 'C0ACCESS', text: 'card', blocks: card('x') });
  workspace.answerWith(() => ({ status: 500 }));
  const bob = await openAs('bob');
  await bob.getByRole('button', { name: 'Approve' }).click();
  await bob.getByText('The app did not take that (dispatch_failed). Wait a moment and press it again.').waitFor();
});

it('a form that the app does not take stays, with what was written and what to do', async () => {
  const alice = await openAs('alice');
  await alice.keyboard.type('/access');
  await alice.keyboard.press('Enter');
  const dialog = alice.getByRole('dialog');
  await dialog.getByLabel('What').selectOption('orders-read');
  await dialog.getByLabel('Why').fill('fixing INC-42');
  workspace.answerWith(() => ({ status: 500 }));
  await dialog.getByRole('button', { name: 'Ask' }).click();
  await dialog.getByText('What you wrote is still here: wait a moment and send it again.').waitFor();
  await expect.poll(() => dialog.getByLabel('Why').inputValue()).toBe('fixing INC-42');
});

it('what happens below is shown in three tabs, reached by arrow keys', async () => {
  const alice = await openAs('alice');
  await alice.getByText('access-request').waitFor();
  await alice.getByRole('tab', { name: 'Executions' }).focus();
  await alice.keyboard.press('ArrowRight');
  await alice.getByText('AccessDenied').waitFor();
  await alice.keyboard.press('ArrowRight');
  await alice.getByText('No roles to watch').waitFor();
});

it('on a narrow screen everything is within reach and nothing is wider than the screen', async () => {
  await workspace.client.chat.postMessage({ channel: 'C0ACCESS', text: 'card', blocks: card('a'.repeat(300)) });
  const page = await openAs('alice');
  await page.setViewportSize({ width: 360, height: 700 });
  await expect.poll(() => page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360);
  await page.getByRole('button', { name: 'Hide what happens below' }).click();
  await page.getByRole('button', { name: 'Conversations' }).click();
  await page.getByRole('button', { name: /security-alerts/ }).click();
  await page.getByText('#security-alerts is quiet').waitFor();
});

it('the page is a document, a script and a style, all from the workspace itself', async () => {
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (['document', 'script', 'stylesheet', 'font'].includes(request.resourceType())) asked.push(request.url());
  });
  await page.goto(`${workspace.url}/workspace/?as=alice`);
  await page.locator('#composer').waitFor();
  expect(asked.map((url) => url.replace(workspace.url, ''))).toEqual([
    '/workspace/?as=alice',
    '/workspace/main.css',
    '/workspace/main.js',
  ]);
});
