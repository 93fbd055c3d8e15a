import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIdentity } from '#local/aws/iam/identity.ts';
import { keyRing, readMasterKey } from '#local/aws/iam/keys.ts';
import { writeProfiles } from '#local/aws/iam/profiles.ts';
import { turnableClock } from '#local/clock.ts';
import { allow, smallWorld, trust } from '../sts/identity-stack.ts';

const admin = 'arn:aws:iam::222222222222:user/production-admin';

const identity = (db: DatabaseSync) =>
  createIdentity({ db, clock: turnableClock(), keys: keyRing(new Uint8Array(32).fill(1)) });

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'daypass-iam-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('seeding', () => {
  it('does not undo what an admin changed', () => {
    const db = new DatabaseSync(':memory:');
    const first = identity(db);
    first.iam.seed(smallWorld);
    const before = first.iam.credentialsOf(admin);
    db.prepare("UPDATE iam_inline_policies SET document = 'changed'").run();
    const second = identity(db);
    second.iam.seed(smallWorld);
    expect(second.iam.credentialsOf(admin)).toEqual(before);
    expect(db.prepare('SELECT DISTINCT document FROM iam_inline_policies').all()).toEqual([{ document: 'changed' }]);
  });

  it('takes roles that trust each other', () => {
    const db = new DatabaseSync(':memory:');
    const role = (roleName: string, other: string) => ({
      accountId: '111111111111',
      roleName,
      trust: trust({ AWS: `arn:aws:iam::111111111111:role/${other}` }),
      policies: {},
    });
    identity(db).iam.seed({ ...smallWorld, roles: [role('a', 'b'), role('b', 'a')] });
    expect(db.prepare("SELECT count(*) AS n FROM iam_principals WHERE name IN ('a', 'b')").get()).toEqual({ n: 2 });
  });

  it('is all or nothing', () => {
    const db = new DatabaseSync(':memory:');
    const { iam } = identity(db);
    const broken = {
      accountId: '111111111111',
      roleName: 'x',
      trust: trust({ AWS: 'arn:aws:iam::111111111111:role/missing' }),
      policies: {},
    };
    expect(() => iam.seed({ ...smallWorld, roles: [broken] })).toThrow('Invalid principal in policy');
    expect(db.prepare('SELECT count(*) AS n FROM iam_principals').get()).toEqual({ n: 0 });
  });

  it('of a role that follows the code makes it new and keeps its unique id', () => {
    const db = new DatabaseSync(':memory:');
    const { iam } = identity(db);
    iam.seed(smallWorld);
    const idOf = () => db.prepare("SELECT id FROM iam_principals WHERE name = 'broker'").get();
    const before = idOf();
    iam.replaceRole({
      accountId: '111111111111',
      roleName: 'broker',
      trust: trust({ Service: 'lambda.amazonaws.com' }),
      policies: { fresh: allow('s3:*') },
    });
    expect(idOf()).toEqual(before);
    const names = db.prepare('SELECT name FROM iam_inline_policies WHERE owner_id = ?').all(String(before?.id));
    expect(names).toEqual([{ name: 'fresh' }]);
  });
});

describe('the master key', () => {
  it('is made once, for its owner alone, and gives the same secrets ever after', () => {
    const file = join(dir, 'deep', 'master.key');
    const first = keyRing(readMasterKey(file));
    const again = keyRing(readMasterKey(file));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(again.secretOf('ASIAX')).toBe(first.secretOf('ASIAX'));
    expect(first.secretOf('ASIAX')).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(first.secretOf('ASIAX')).not.toBe(first.secretOf('ASIAY'));
    expect(first.tokenOf('ASIAX')).not.toContain(first.secretOf('ASIAX'));
    expect(keyRing(readMasterKey(join(dir, 'other.key'))).secretOf('ASIAX')).not.toBe(first.secretOf('ASIAX'));
  });

  it('that is damaged is not used', () => {
    const file = join(dir, 'master.key');
    writeFileSync(file, 'short');
    expect(() => readMasterKey(file)).toThrow('does not hold a master key of 32 bytes');
  });
});

describe('profiles', () => {
  it('are for their owner alone, also where a file lay open before', () => {
    writeFileSync(join(dir, 'credentials'), 'old', { mode: 0o644 });
    const credentials = { accessKeyId: 'AKIAX', secretAccessKey: 's/+' };
    writeProfiles(dir, {
      endpointUrl: 'http://127.0.0.1:4566',
      region: 'us-east-1',
      users: [{ profile: 'hub-admin', credentials }],
    });
    for (const file of ['config', 'credentials']) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dir, 'config'), 'utf8')).toBe(
      '[profile hub-admin]\nregion = us-east-1\noutput = json\nendpoint_url = http://127.0.0.1:4566\n',
    );
    expect(readFileSync(join(dir, 'credentials'), 'utf8')).toBe(
      '[hub-admin]\naws_access_key_id = AKIAX\naws_secret_access_key = s/+\n',
    );
  });
});
