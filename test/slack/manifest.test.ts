import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { accessCommand, commands } from '#slack/commands.ts';
import { type SlackManifest, slackManifest } from '#slack/manifest.ts';
import { botScopes, methodScopes } from '#slack/scopes.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const families = new Map<string, unknown>(Object.entries(new WebClient()));
const isMethod = (family: string, method: string): boolean => {
  const members = families.get(family);
  return typeof members === 'object' && members !== null && typeof Reflect.get(members, method) === 'function';
};

/** Every `.family.method(` that is a method of Slack's own client. */
const methodsCalledIn = (text: string): string[] =>
  [...text.matchAll(/\.([a-z]+)\.([a-zA-Z]+)\(/g)].flatMap(([, family = '', method = '']) =>
    isMethod(family, method) ? [`${family}.${method}`] : [],
  );
/** Every name of a method in quotes. */
const methodsNamedIn = (text: string): string[] =>
  [...text.matchAll(/call\('([a-z]+\.[a-zA-Z]+)'/g)].map(([, method = '']) => method);
const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

type Writable<T> = T extends string ? T : { -readonly [K in keyof T]: Writable<T[K]> };

const http = slackManifest({ name: 'Daypass', transport: { kind: 'http', url: 'https://daypass.example.com' } });
const socket = slackManifest({ name: 'Daypass', transport: { kind: 'socket-mode' } });

describe('the scopes', () => {
  const byAdapter = methodsCalledIn(textOf('adapters/slack/web-api.ts'));
  const byDoctor = filesUnder('cli/doctor').flatMap((file) => methodsNamedIn(textOf(file)));

  it('know every method of Slack that is called, and no other', () => {
    expect(byAdapter).toContain('chat.postMessage');
    expect(byDoctor).toContain('auth.test');
    expect([...new Set([...byAdapter, ...byDoctor])].sort()).toEqual(Object.keys(methodScopes).sort());
  });

  it('come from nothing but the adapter and the doctor: nobody else has a client of Slack', () => {
    const others = ['core', 'usecases', 'slack', 'functions'].flatMap(filesUnder);
    expect(others.filter((file) => /new WebClient\(/.test(textOf(file)))).toEqual([]);
    expect(others.flatMap((file) => methodsCalledIn(textOf(file)))).toEqual([]);
  });

  it('are these, each once', () => {
    expect(botScopes).toEqual([
      'channels:history',
      'channels:read',
      'chat:write',
      'commands',
      'groups:history',
      'groups:read',
      'im:history',
      'im:write',
      'users:read',
    ]);
  });

  it('name Slack’s own page for each method', () => {
    for (const [method, { source }] of Object.entries(methodScopes)) {
      expect(source).toBe(`https://docs.slack.dev/reference/methods/${method}`);
    }
  });
});

describe('the commands', () => {
  it('are those that listeners answer', () => {
    const listened = filesUnder('slack').flatMap((file) =>
      [...textOf(file).matchAll(/\.command\(([^,]+),/g)].map(([, argument]) => argument),
    );
    // Any other command is told so.
    expect(listened).toEqual(['accessCommand.command', 'noneOf([accessCommand.command])']);
    expect(commands).toEqual([accessCommand]);
  });
});

describe('the manifest', () => {
  it('is of the shape that Slack’s own client takes', () => {
    // The type checker holds it: only that Slack's lists may be written to is passed over.
    const typed: AppsManifestCreateArguments['manifest'] = http as Writable<SlackManifest>;
    expect(typed).toBe(http);
  });

  it('over HTTP sends commands, clicks and modals to the one ingress', () => {
    const ingress = 'https://daypass.example.com/slack/events';
    expect(http.features.slash_commands).toEqual([
      {
        command: '/access',
        description: expect.any(String),
        usage_hint: expect.any(String),
        should_escape: true,
        url: ingress,
      },
    ]);
    expect(http.settings).toEqual({
      interactivity: { is_enabled: true, request_url: ingress },
      event_subscriptions: { request_url: ingress, bot_events: ['user_change'] },
      org_deploy_enabled: false,
      socket_mode_enabled: false,
      token_rotation_enabled: false,
    });
  });

  it('over Socket Mode has no address at all', () => {
    expect(JSON.stringify(socket)).not.toMatch(/https?:/);
    expect(socket.settings.socket_mode_enabled).toBe(true);
    expect(socket.settings.interactivity).toEqual({ is_enabled: true });
  });

  it('asks for the bot’s scopes, no person’s, and for the one event by which people leave', () => {
    expect(http.oauth_config).toEqual({ scopes: { bot: botScopes } });
    expect(socket.settings.event_subscriptions).toEqual({ bot_events: ['user_change'] });
  });

  it('lets the bot write to people, and people type there what the bot tells them to', () => {
    expect(http.features.app_home).toEqual({
      home_tab_enabled: false,
      messages_tab_enabled: true,
      messages_tab_read_only_enabled: false,
    });
  });

  it('keeps to Slack’s limits: https://docs.slack.dev/reference/app-manifest', () => {
    for (const { display_information, features, oauth_config } of [http, socket]) {
      expect(display_information.name.length).toBeLessThanOrEqual(35);
      expect(display_information.description.length).toBeLessThanOrEqual(140);
      expect(display_information.long_description.length).toBeGreaterThanOrEqual(174);
      expect(display_information.long_description.length).toBeLessThanOrEqual(4000);
      expect(display_information.background_color).toMatch(/^#[0-9a-f]{6}$/);
      expect(features.bot_user.display_name).toMatch(/^[a-z0-9_.-]{1,80}$/);
      expect(features.slash_commands.length).toBeLessThanOrEqual(50);
      for (const { command, description, usage_hint } of features.slash_commands) {
        expect(command).toMatch(/^\/[a-z0-9_-]{1,31}$/);
        expect(description.length).toBeLessThanOrEqual(2000);
        expect(usage_hint.length).toBeLessThanOrEqual(1000);
      }
      expect(oauth_config.scopes.bot.length).toBeLessThanOrEqual(255);
    }
  });
});
