import { enginesOf, residentKb } from './processes.ts';
import { megabytes } from './statistics.ts';

/** Resident set in MB; null where the system does not tell. */
const residentMb = (pid: number): number | null => {
  const kilobytes = residentKb(pid);
  return kilobytes === undefined ? null : megabytes(kilobytes * 1024);
};

/** Resident memory of the stack's own process and of each dynoxide (one per account that has been used). */
export const memoryOf = (pid: number) => ({
  nodeRssMb: residentMb(pid),
  dynoxideRssMb: enginesOf(pid).map(residentMb),
});
