import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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

const modeOf = (path: string): number => statSync(path).mode & 0o7777;
const other = 'Choose another folder with --data.';

describe('a folder that was there before', () => {
  const folderOf = (files: Readonly<Record<string, string>>, mode = 0o755): string => {
    const path = join(parent, 'there');
    mkdirSync(path);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
    chmodSync(path, mode);
    return path;
  };

  it.each([
    ['a file of somebody’s', { 'notes.txt': 'mine' }],
    ['a hidden file', { '.bashrc': '' }],
    ['a file that is called like ours', { kind: 'of magic' }],
    ['a database that is none', { 'aws.db': 'instances of ours' }],
    ['a lock beside something else', { 'lock.db': '', 'notes.txt': 'mine' }],
  ])('with %s in it is refused, and stays as it was', (_, files) => {
    const path = folderOf(files);
    expect(() => openDataFolder(path)).toThrow(
      `${path} is not empty and not Daypass's: it would be closed to everybody else. ${other} An empty or a new one.`,
    );
    expect(modeOf(path)).toBe(0o755);
    expect(readdirSync(path).sort()).toEqual(Object.keys(files).sort());
  });

  it.each([
    ['of a version before there were kinds', { 'aws.db': 'SQLite format 3\0 and the rest', 'states.db': '' }],
    ['of the laptop', { kind: 'laptop\n', 'aws.db': '' }],
    ['that was only begun when the process died', { 'lock.db': '', 'daypass.pid': '1' }],
    ['that is empty', {}],
  ])('%s is taken, for its owner alone', (_, files) => {
    const path = folderOf(files);
    openDataFolder(path).close();
    expect(modeOf(path)).toBe(0o700);
  });

  it('that is empty, and where everybody may write, is refused', () => {
    for (const mode of [0o1777, 0o777]) {
      const path = folderOf({}, mode);
      expect(() => openDataFolder(path)).toThrow(`Everybody may write to ${path}. ${other} One that is yours alone.`);
      expect(modeOf(path)).toBe(mode);
      rmSync(path, { recursive: true });
    }
  });

  it('is judged behind a link by what the link leads to', () => {
    const path = folderOf({ 'notes.txt': 'mine' });
    const link = join(parent, 'link');
    symlinkSync(path, link);
    expect(() => openDataFolder(link)).toThrow(`${path} is not empty and not Daypass's`);
    expect(modeOf(path)).toBe(0o755);
    rmSync(join(path, 'notes.txt'));
    const taken = openDataFolder(link);
    expect(taken.path).toBe(path);
    taken.close();
  });

  it('holds a node’s data or the laptop’s, and is free again after the other was refused', () => {
    const path = join(parent, 'node');
    openDataFolder(path, 'node').close();
    expect(() => openDataFolder(path, 'laptop')).toThrow(`${path} belongs to a node with the real AWS.`);
    openDataFolder(path, 'node').close();
  });
});

describe('what is no folder', () => {
  it('a file is refused', () => {
    const path = join(parent, 'file');
    writeFileSync(path, 'mine');
    expect(() => openDataFolder(path)).toThrow(`${path} is a file, and Daypass keeps its data in a folder. ${other}`);
    const under = join(path, 'data');
    expect(() => openDataFolder(under)).toThrow(`${under} lies under a file. ${other}`);
  });

  it('a link to nothing is refused', () => {
    const link = join(parent, 'link');
    symlinkSync(join(parent, 'nowhere'), link);
    expect(() => openDataFolder(link)).toThrow(`${link} is a link to nothing. ${other}`);
  });

  it('a place that this user may not enter is refused', () => {
    const closed = join(parent, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0);
    // Root may enter everything.
    const user = process.geteuid?.() ?? 1;
    if (user === 0) process.seteuid?.(65_534);
    try {
      const path = join(closed, 'data');
      expect(() => openDataFolder(path)).toThrow(`${path} cannot be read and written by this user. ${other}`);
    } finally {
      if (user === 0) process.seteuid?.(0);
      chmodSync(closed, 0o700);
    }
  });
});
