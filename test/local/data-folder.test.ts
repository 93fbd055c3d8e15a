import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '#local/data-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'daypass-folder-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('a data folder', () => {
  it('keeps what was written, for its owner alone', () => {
    const path = join(parent, 'data');
    const first = openDataFolder(path);
    first.database('notes').exec("CREATE TABLE note (text TEXT); INSERT INTO note VALUES ('kept')");
    first.close();
    const second = openDataFolder(path);
    expect(second.database('notes').prepare('SELECT text FROM note').all()).toEqual([{ text: 'kept' }]);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    second.close();
  });

  it('is open in one place at a time, and says where', () => {
    const path = join(parent, 'data');
    const first = openDataFolder(path);
    expect(() => openDataFolder(path)).toThrow(`is in use by process ${process.pid}. Stop that one first`);
    first.close();
    openDataFolder(path).close();
  });

  it('without a place is gone when it is closed', () => {
    const folder = openDataFolder(undefined);
    folder.close();
    expect(() => statSync(folder.path)).toThrow('ENOENT');
  });
});
