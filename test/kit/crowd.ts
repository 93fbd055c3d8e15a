import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

type Document = Record<string, Record<string, unknown>> & { groups: Record<string, string[]> };

export type Crowd = { path: string; slackUserIds: readonly string[]; remove: () => void };

/** A list of the policy has at most 1,000 lines. */
const mostInGroup = 500;

/**
 * The sample policy with this many people more, who may all ask for `orders-admin`; each tenth of them may approve it.
 * Returns where it is written, and their Slack ids.
 */
export const policyWithCrowd = (people: number): Crowd => {
  const policy = parse(readFileSync('access.yaml', 'utf8')) as Document;
  const ids = Array.from({ length: people }, (_, index) => `asker-${String(index + 1).padStart(4, '0')}`);
  const slackIdOf = (id: string): string => `U0${id.replace('-', '').toUpperCase()}`;
  policy.people = {
    ...policy.people,
    ...Object.fromEntries(ids.map((id) => [id, { name: id, slack: slackIdOf(id), email: `${id}@example.com` }])),
  };
  const { leads = [] } = policy.groups;
  policy.groups = { ...policy.groups, leads: [...leads, ...ids.filter((_, index) => index % 10 === 0)] };
  const crowds: string[] = [];
  for (let first = 0; first < ids.length; first += mostInGroup) {
    const name = `crowd-${crowds.length + 1}`;
    crowds.push(name);
    policy.groups[name] = ids.slice(first, first + mostInGroup);
  }
  const admin = policy.entitlements?.['orders-admin'] as { mayAsk: string[] };
  admin.mayAsk = [...admin.mayAsk, ...crowds];
  const folder = mkdtempSync(join(tmpdir(), 'daypass-crowd-'));
  const path = join(folder, 'access.yaml');
  writeFileSync(path, stringify(policy));
  return { path, slackUserIds: ids.map(slackIdOf), remove: () => rmSync(folder, { recursive: true, force: true }) };
};
