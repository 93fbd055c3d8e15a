import type { Person } from '../directory.ts';
import type { Ingress } from '../ingress.ts';
import type { Parts } from '../parts.ts';
import type { UiAnswer } from './contract.ts';

/** One thing that a person did on the page. */
export type Act<Request> = (world: World, person: Person, request: Request) => Promise<UiAnswer> | UiAnswer;

/** A slash command of the app, as its manifest has it. */
export type Command = { command: string; shouldEscape: boolean };

/** `origin` is where this person's browser reaches the workspace: answers to interactions come back there. */
export type World = { parts: Parts; ingress: Ingress; origin: string; commands: readonly Command[] };

export const done: UiAnswer = { ok: true };
export const refuse = (say: string, errors?: Readonly<Record<string, string>>): UiAnswer =>
  errors === undefined ? { ok: false, say } : { ok: false, say, errors };
