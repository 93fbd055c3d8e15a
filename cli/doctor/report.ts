/** In the order in which they are shown. */
export const areas = ['configuration', 'slack', 'api', 'rules', 'trail', 'accounts', 'clock'] as const;
export type Area = (typeof areas)[number];

/** What was found, in a sentence that names what was looked at. Whatever is not in order says what to do about it. */
export type Verdict = { status: 'ok'; found: string } | { status: 'warning' | 'failure'; found: string; todo: string };

/** One thing that was looked at: of `title`, where it has several, the `aspect`. */
export type Line = Verdict & { area: Area; title: string; aspect?: string };

export const ok = (found: string): Verdict => ({ status: 'ok', found });
export const warning = (found: string, todo: string): Verdict => ({ status: 'warning', found, todo });
export const failure = (found: string, todo: string): Verdict => ({ status: 'failure', found, todo });

/** One look at the installation. It may see several things at once. */
export type Check = {
  area: Area;
  title: string;
  /** How long it may take, where that is not the usual. */
  patienceMs?: number;
  /** Throws where it could not look; that is a line of its own. */
  look(signal: AbortSignal): Promise<readonly Line[]>;
};

/** A check that sees one thing. */
export const check = (area: Area, title: string, look: (signal: AbortSignal) => Promise<Verdict>): Check => ({
  area,
  title,
  look: async (signal) => [{ area, title, ...(await look(signal)) }],
});

/** Several verdicts about one thing. */
export const aspectsOf = (area: Area, title: string, verdicts: Readonly<Record<string, Verdict>>): Line[] =>
  Object.entries(verdicts).map(([aspect, verdict]) => ({ area, title, aspect, ...verdict }));

export type Summary = Record<Verdict['status'], number>;

export const summaryOf = (lines: readonly Line[]): Summary => {
  const count = (status: Verdict['status']): number => lines.filter((line) => line.status === status).length;
  return { ok: count('ok'), warning: count('warning'), failure: count('failure') };
};
