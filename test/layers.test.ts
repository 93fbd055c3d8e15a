import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { circlesIn, importsOf } from './imports.ts';

/**
 * What each folder may import from besides itself: each line only what stands above it, and a single file where that is
 * all that there is a reason for. A folder in a folder that has a line of its own is no part of the one around it.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  // What happens, and what it sets going. Data.
  events: [],
  statemachines: [],
  core: ['events'],
  // Patterns over the calls that detections look at.
  'events/rules': ['core', 'events'],
  ports: ['core', 'events'],
  usecases: ['core', 'ports', 'events'],
  slack: ['core', 'ports', 'usecases', 'events'],
  // The port of that chat, which its adapter is for, and whom an account of it stands for.
  adapters: ['core', 'ports', 'events', 'slack/ports.ts', 'slack/standing.ts'],
  functions: ['core', 'ports', 'usecases', 'adapters', 'events', 'statemachines', 'slack'],
  // What is deployed is what the functions, rules and machines say of themselves.
  deploy: ['core', 'ports', 'events', 'events/rules', 'statemachines', 'functions'],
  'serverless.ts': ['deploy'],
  // The embedded stack runs what is deployed; of Slack it needs what its workspace and a single node's socket do.
  local: [
    'core',
    'ports',
    'adapters',
    'functions',
    'statemachines',
    'deploy',
    'events/rules',
    // The workspace behaves as the manifest says.
    'slack/manifest.ts',
    'slack/ports.ts',
    'slack/scopes.ts',
    // What only who reads the policy from a file has to tell.
    'slack/deliver/policy-notices.ts',
    'slack/ingress/socket.ts',
  ],
  // It speaks to the API and to AWS, and prints Slack's manifest. No code of the stack or of a function, and of what
  // people do only what is done with AWS credentials alone.
  cli: [
    'core',
    'ports',
    'adapters',
    'usecases/lockdown/lift-by-aws.ts',
    'deploy',
    'events/rules',
    'slack/manifest.ts',
    'slack/scopes.ts',
  ],
  // The page of the workspace, and of what runs in it: as the stack serves them.
  web: ['core', 'local/workspace/ui/contract.ts', 'local/workspace/view-state.ts', 'local/workspace/machinery.ts'],
  // Beside packaging they try permissions, by the tests that record them, and mutate the routing of events.
  scripts: ['core', 'events', 'adapters/bundled-cli.ts', 'functions', 'deploy', 'local/world.ts', 'test/permissions'],
  // It measures all of it, with the people and the browser of the tests.
  bench: [
    'core',
    'ports',
    'usecases',
    'adapters',
    'functions',
    'deploy',
    'local',
    'scripts/bundle-functions.ts',
    'test/kit',
    'test/browser/chromium.ts',
    'test/e2e/slack-person.ts',
    'test/e2e/slack-stand-in.ts',
  ],
  // For readers: no code of ours.
  examples: [],
};

/** Rooms with a door: what lies in them is imported from these alone. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  // Who writes a ledger or a role does it by a verb of this room.
  'usecases/revoke/engine': ['usecases/revoke'],
};

/** What all functions share; a function imports from no other. */
const shared = ['functions/middy', 'functions/http', 'functions/config.ts'];

const outermost = Object.keys(layers).filter((layer) => !layer.includes('/'));
const folders = outermost.filter((layer) => !layer.includes('.'));
const imports = importsOf(outermost);
const edges = [...imports].flatMap(([from, all]) => all.map((to) => ({ from, to })));

const isIn = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);
/** The innermost of the folders that have a line. */
const layerOf = (path: string): string | undefined =>
  Object.keys(layers)
    .filter((layer) => isIn(path, layer))
    .sort((one, other) => other.length - one.length)[0];

const mayImport = (layer: string, to: string): boolean =>
  (layers[layer] ?? []).some((place) => (place in layers ? layerOf(to) === place : isIn(to, place)));

const said = ({ from, to }: { from: string; to: string }): string => `${from} imports ${to}`;

it('every folder with code in it is a layer', () => {
  const root = join(import.meta.dirname, '..');
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n');
  const all = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ignored.includes(`${entry.name}/`))
    .map(({ name }) => name);
  expect(all.sort()).toEqual([...folders, 'docs', 'test'].sort());
  for (const folder of folders) expect([...imports.keys()].some((path) => isIn(path, folder))).toBe(true);
});

it.each(Object.keys(layers))('%s imports only from where it may', (layer) => {
  const own = edges.filter(({ from, to }) => layerOf(from) === layer && layerOf(to) !== layer);
  expect(own.filter(({ to }) => !mayImport(layer, to)).map(said)).toEqual([]);
});

it('no line of the table lets through what nobody imports', () => {
  const unused = Object.entries(layers).flatMap(([layer, places]) =>
    places
      .filter((place) => !edges.some(({ from, to }) => layerOf(from) === layer && isIn(to, place)))
      .map((place) => `${layer}: ${place}`),
  );
  expect(unused).toEqual([]);
});

it('each line of the table names only what stands above it', () => {
  const order = Object.keys(layers);
  const upwards = order.flatMap((layer, line) =>
    (layers[layer] ?? [])
      .filter((place) => order.indexOf(layerOf(place) ?? '') >= line)
      .map((place) => `${layer}: ${place}`),
  );
  expect(upwards).toEqual([]);
});

it.each(Object.entries(rooms))('%s is imported from %j alone', (room, doors) => {
  const through = edges.filter(({ from, to }) => isIn(to, room) && !isIn(from, room));
  expect(through.length).toBeGreaterThan(0);
  expect(through.filter(({ from }) => !doors.some((door) => isIn(from, door))).map(said)).toEqual([]);
});

it('no function imports from another, and what they share imports from none', () => {
  const isShared = (path: string): boolean => shared.some((place) => isIn(path, place));
  const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');
  const across = edges.filter(
    ({ from, to }) => isIn(from, 'functions') && isIn(to, 'functions') && folderOf(from) !== folderOf(to),
  );
  expect(across.length).toBeGreaterThan(0);
  const wrong = across.filter(({ from, to }) => !isShared(to) && from !== 'functions/registry.ts');
  expect(wrong.map(said)).toEqual([]);
});

it('no two files import each other, directly or over others', () => {
  expect(circlesIn(imports)).toEqual([]);
});

it('every import leads to a file that is there', () => {
  const known = new Set([...imports.keys(), ...importsOf(['test']).keys()]);
  expect(edges.filter(({ to }) => !known.has(to) && /\.tsx?$/.test(to)).map(said)).toEqual([]);
  expect(edges.length).toBeGreaterThan(1_000);
});

it('core touches no clock, randomness, environment, network or file', () => {
  const impure =
    /Date\.now|new Date\(\)|Math\.random|process\.|randomUUID|randomBytes|from 'node:(?!crypto|util)|fetch\(/;
  const core = [...imports.keys()].filter((path) => isIn(path, 'core'));
  expect(core.length).toBeGreaterThan(50);
  expect(core.filter((path) => impure.test(readFileSync(join(import.meta.dirname, '..', path), 'utf8')))).toEqual([]);
});
