import { readdirSync, readFileSync } from 'node:fs';
import { megabytes } from './statistics.ts';

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

/** Resident set in MB; null where the system does not tell. */
const residentMb = (pid: number): number | null => {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? null : megabytes(Number(kilobytes) * 1024);
};

/** Resident memory of the stack's own process and of each dynoxide (one per account that has been used). */
export const memoryOf = (pid: number) => {
  const engines = processes().filter(({ parentPid, name }) => parentPid === pid && name === 'dynoxide');
  return { nodeRssMb: residentMb(pid), dynoxideRssMb: engines.map((engine) => residentMb(engine.pid)) };
};
