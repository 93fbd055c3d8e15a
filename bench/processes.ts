import { readdirSync, readFileSync } from 'node:fs';

type Process = { pid: number; parentPid: number; name: string };

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** Linux only: elsewhere there is no /proc, and nothing is found. */
const processes = (): Process[] => {
  const pids = textOf('/proc/self/stat') === undefined ? [] : readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    const [, name = '', parentPid] = /\((.*)\) \S (\d+)/s.exec(textOf(`/proc/${pid}/stat`) ?? '') ?? [];
    return parentPid === undefined ? [] : [{ pid: Number(pid), parentPid: Number(parentPid), name }];
  });
};

/** The dynoxides of a stack, one per account that has been used. */
export const enginesOf = (stackPid: number): number[] =>
  processes()
    .filter(({ parentPid, name }) => parentPid === stackPid && name === 'dynoxide')
    .map(({ pid }) => pid);

/** Resident set in kB; undefined where the system does not tell. */
export const residentKb = (pid: number): number | undefined => {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes);
};

/** proc(5): times are in clock ticks, which are a hundredth of a second on every Linux that Node runs on. */
const tickMs = 10;

/** What a process has spent on a CPU since it began, in user and system mode and in all its threads. */
export const cpuMs = (pid: number): number | undefined => {
  const [, user, system] = /\) \S(?: -?\d+){10} (\d+) (\d+)/.exec(textOf(`/proc/${pid}/stat`) ?? '') ?? [];
  return user === undefined ? undefined : (Number(user) + Number(system)) * tickMs;
};
