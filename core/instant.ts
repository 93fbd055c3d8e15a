/**
 * Instants are ISO 8601 UTC texts with milliseconds, as `toIso` writes them: so they are stored and shown to programs,
 * and in this form the later one is the greater text.
 */
export const toIso = (ms: number): string => new Date(ms).toISOString();

/** The same in whole seconds and without a fraction, as AWS writes most of its own. */
export const wholeSeconds = (ms: number): string => `${toIso(ms).slice(0, 19)}Z`;

/** Milliseconds since the epoch. */
export const msOf = (at: string): number => Date.parse(at);

export const addMs = (at: string, ms: number): string => toIso(msOf(at) + ms);
export const addSec = (at: string, sec: number): string => addMs(at, sec * 1000);

export const laterOf = (one: string, other: string): string => (one > other ? one : other);
export const earlierOf = (one: string, other: string): string => (one < other ? one : other);

/** The last of some; empty where there are none. */
export const latestOf = (instants: readonly string[]): string => instants.reduce(laterOf, '');

/** AWS's clock and ours differ by less than this. */
export const clockSkewMs = 5 * 60_000;

/** Whether it has come by AWS's clock and by ours: what expires then is dead. */
export const isPastByBothClocks = (at: string, nowMs: number): boolean => msOf(at) + clockSkewMs <= nowMs;
