import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialsView, RequestView } from '#core/api/views.ts';
import { openSession } from '../../cli/api.ts';
import type { Context } from '../../cli/context.ts';
import { credentialsFor, type GrantOptions } from '../../cli/grant.ts';
import { run, temporaryHome } from './cli.ts';
import { active, credentials, ended, otherId, requestId, saveLogin } from './samples.ts';
import { type ScriptedApi, startScriptedApi } from './scripted-api.ts';

const minuteMs = 60_000;
const startsMs = Date.parse('2026-11-22T10:00:00.000Z');
const at = (minutes: number): string => new Date(startsMs + minutes * minuteMs).toISOString();

let api: ScriptedApi;
let home: string;
let remove: () => void;
let nowMs: number;
/** What the API says of Alice's one grant; it ends after four hours. */
let grant: RequestView;
let mints: number;
beforeEach(async () => {
  api = await startScriptedApi();
  ({ home, remove } = temporaryHome());
  saveLogin(home, api.url);
  nowMs = startsMs;
  mints = 0;
  grant = { ...active, grant: { startsAt: at(0), endsAt: at(240) } };
  api.script['GET /v1/requests'] = () => ({ body: { mine: [grant], waitingForMe: [] } });
  api.script[`GET /v1/requests/${requestId}`] = () => ({ body: grant });
  api.script[`POST /v1/requests/${requestId}/end`] = () => ({ body: { ...grant, status: 'ending' } });
  api.script[`POST /v1/requests/${requestId}/credentials`] = () => ({ body: minted() });
});
afterEach(async () => {
  remove();
  await api.stop();
});

/** An hour, and never past the grant's end. */
const minted = (): CredentialsView => {
  const expiresMs = Math.min(nowMs + 60 * minuteMs, Date.parse(grant.grant?.endsAt ?? ''));
  const accessKeyId = `ASIAEXAMPLE${++mints}`;
  return {
    ...credentials,
    credentials: { ...credentials.credentials, accessKeyId, expiresAt: new Date(expiresMs).toISOString() },
  };
};

const said: string[] = [];
const context = (): Context => ({
  env: { DAYPASS_HOME: home },
  clock: { nowMs: () => nowMs },
  api: undefined,
  self: [],
  json: false,
  interactive: false,
  colour: false,
  signal: new AbortController().signal,
  print: () => undefined,
  say: (line) => void said.push(line),
});
const ask = async (options: GrantOptions = { entitlement: 'orders-admin' }): Promise<string> => {
  const view = await credentialsFor(context(), options, await openSession(context()));
  return view.credentials.accessKeyId;
};

const folder = () => join(home, 'credentials');
const files = (): string[] => (existsSync(folder()) ? readdirSync(folder()) : []);
const onlyFile = (): string => join(folder(), files()[0] ?? '');

describe('credentials of a live grant', () => {
  it('are minted once for 200 commands in an hour, and anew five minutes before they expire', async () => {
    const seen: string[] = [];
    for (let call = 0; call < 200; call++) {
      seen.push(await ask(call % 2 === 0 ? { entitlement: 'orders-admin' } : { request: requestId }));
      nowMs += 16 * 1000;
    }
    // After 53 minutes and 20 seconds.
    expect([new Set(seen), mints]).toEqual([new Set(['ASIAEXAMPLE1']), 1]);
    nowMs = startsMs + 55 * minuteMs - 1;
    expect(await ask()).toBe('ASIAEXAMPLE1');
    nowMs = startsMs + 55 * minuteMs;
    expect([await ask(), await ask(), mints]).toEqual(['ASIAEXAMPLE2', 'ASIAEXAMPLE2', 2]);
  });

  it('are minted five times in a grant of four hours, the last of them good to its end', async () => {
    for (nowMs = startsMs; nowMs < startsMs + 240 * minuteMs; nowMs += minuteMs) await ask();
    expect(mints).toBe(5);
  });

  it('are minted once in a grant that is shorter than five minutes', async () => {
    grant = { ...active, grant: { startsAt: at(0), endsAt: at(1) } };
    for (let call = 0; call < 50; call++) {
      await ask();
      nowMs += 1000;
    }
    expect(mints).toBe(1);
  });

  it('are minted once by twenty commands that begin together', async () => {
    grant = { ...active, grant: { startsAt: at(0), endsAt: new Date(Date.now() + 3_600_000).toISOString() } };
    nowMs = Date.now();
    const commands = Array.from({ length: 5 }, () =>
      run(['credential-process', '--entitlement', 'orders-admin'], { env: { DAYPASS_HOME: home } }),
    );
    const keys = Promise.all(Array.from({ length: 15 }, () => ask()));
    const printed = (await Promise.all(commands)).map(
      ({ stdout }) => (JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId,
    );
    expect(new Set([...(await keys), ...printed])).toEqual(new Set(['ASIAEXAMPLE1']));
    expect(mints).toBe(1);
    expect(files()).toHaveLength(1);
  });

  it('are minted anew where somebody asks for it, where the end has moved, and where the role’s sessions were revoked', async () => {
    await ask();
    expect(await ask({ entitlement: 'orders-admin', fresh: true })).toBe('ASIAEXAMPLE2');
    expect(await ask()).toBe('ASIAEXAMPLE2');
    grant = { ...grant, grant: { startsAt: at(0), endsAt: at(300) } };
    expect([await ask(), await ask()]).toEqual(['ASIAEXAMPLE3', 'ASIAEXAMPLE3']);
    grant = { ...grant, interrupted: { issuedBefore: at(0) } };
    expect([await ask(), await ask()]).toEqual(['ASIAEXAMPLE4', 'ASIAEXAMPLE4']);
  });

  it('are not those of another grant', async () => {
    await ask();
    const other: RequestView = { ...grant, id: otherId, grant: { startsAt: at(0), endsAt: at(241) } };
    api.script['GET /v1/requests'] = () => ({ body: { mine: [grant, other], waitingForMe: [] } });
    api.script[`POST /v1/requests/${otherId}/credentials`] = () => ({ body: { ...minted(), requestId: otherId } });
    expect([await ask(), await ask({ request: requestId })]).toEqual(['ASIAEXAMPLE2', 'ASIAEXAMPLE1']);
  });
});

describe('the file', () => {
  it('is for its owner alone, whatever the umask, and is whole', async () => {
    const before = process.umask(0);
    await ask();
    process.umask(before);
    expect((statSync(folder()).mode & 0o777).toString(8)).toBe('700');
    expect((statSync(onlyFile()).mode & 0o777).toString(8)).toBe('600');
    expect(JSON.parse(readFileSync(onlyFile(), 'utf8'))).toMatchObject({ view: { region: 'us-east-1' } });
  });

  it('counts for nothing where others can read it, or where it is not what was written', async () => {
    await ask();
    chmodSync(onlyFile(), 0o644);
    expect(await ask()).toBe('ASIAEXAMPLE2');
    expect((statSync(onlyFile()).mode & 0o777).toString(8)).toBe('600');
    for (const text of ['', '{', '[]', 'null', '{"mark":"","view":{"credentials":{}}}']) {
      writeFileSync(onlyFile(), text);
      const seen = mints;
      await ask();
      expect(mints).toBe(seen + 1);
    }
  });

  it.each<[string, () => Promise<unknown>]>([
    ['done', () => run(['done', requestId], { env: { DAYPASS_HOME: home } })],
    ['logout', () => run(['logout'], { env: { DAYPASS_HOME: home } })],
    [
      'the next command after the end',
      () => {
        grant = { ...ended, id: requestId };
        return ask().catch(() => undefined);
      },
    ],
    [
      'a command that is told that there is no such request',
      () => {
        delete api.script[`GET /v1/requests/${requestId}`];
        return ask({ request: requestId }).catch(() => undefined);
      },
    ],
    [
      'any command after they expired',
      () => {
        nowMs += 61 * minuteMs;
        api.script['GET /v1/requests'] = { body: { mine: [], waitingForMe: [] } };
        return ask().catch(() => undefined);
      },
    ],
  ])('is gone after %s', async (_, act) => {
    await ask();
    expect(files()).toHaveLength(1);
    await act();
    expect(files()).toEqual([]);
  });

  it('of another API stays when one logs out of this one', async () => {
    await ask();
    const elsewhere = { env: { DAYPASS_HOME: home } };
    expect((await run(['logout', '--api', 'http://127.0.0.1:9'], elsewhere)).code).toBe(0);
    expect(files()).toHaveLength(1);
  });

  it('that cannot be written costs a mint at each command, which says so, and nothing else', async () => {
    writeFileSync(folder(), 'a file where the folder should be');
    said.length = 0;
    expect([await ask(), await ask()]).toEqual(['ASIAEXAMPLE1', 'ASIAEXAMPLE2']);
    expect(said[0]).toMatch(
      /^Credentials cannot be kept in \/\S+ \((EEXIST|ENOTDIR)\), so each command takes new ones\.$/,
    );
  });

  it('whose lock was left by a process that died is minted all the same', async () => {
    mkdirSync(folder());
    await ask();
    const lock = `${onlyFile()}.lock`;
    writeFileSync(lock, '999999999');
    expect(await ask({ entitlement: 'orders-admin', fresh: true })).toBe('ASIAEXAMPLE2');
    expect(existsSync(lock)).toBe(false);
  });
});

describe('what is kept is not handed out', () => {
  const command = ['credential-process', '--request', requestId];
  const options = () => ({ env: { DAYPASS_HOME: home } });
  beforeEach(async () => {
    nowMs = Date.now();
    grant = { ...active, grant: { startsAt: at(0), endsAt: new Date(nowMs + 3_600_000).toISOString() } };
    expect((await run(command, options())).code).toBe(0);
  });

  it('of a grant that is over, in whatever way', async () => {
    for (const status of ['ending', 'ended', 'denied'] as const) {
      grant = { ...ended, status };
      const { code, stdout } = await run(command, options());
      expect([status, code === 0, stdout]).toEqual([status, false, '']);
    }
  });

  it('while Daypass cannot be reached, or does not know the login any more: nobody can tell whether the grant is live', async () => {
    api.script[`GET /v1/requests/${requestId}`] = {
      status: 401,
      body: { error: { code: 'unknown-person', message: 'No.' } },
    };
    expect(await run(command, options())).toMatchObject({ code: 6, stdout: '' });
    api.script[`GET /v1/requests/${requestId}`] = { status: 500, body: {} };
    expect(await run(command, options())).toMatchObject({ code: 7, stdout: '' });
    await api.stop();
    expect(await run(command, options())).toMatchObject({ code: 7, stdout: '' });
    api = await startScriptedApi();
  });
});
