import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    vitestProcess: string;
  }
}

/** Tells one vitest process from every other. To be called in that process, not in a worker. */
export const vitestProcess = (): string => `${process.pid} ${performance.timeOrigin}`;

/** Lets the verdict know whether the recordings are of its own run. */
export const setup = (project: TestProject): void => project.provide('vitestProcess', vitestProcess());
