import type { EventRow } from '#local/states/rows.ts';
import type { Machine } from '#ports/workflows.ts';

/** One state that an execution was in, in the order in which they were entered. */
export type Chapter = {
  state: string;
  /** The errors that its attempts came to. */
  errors: readonly string[];
  /** What it was left with, if it was. */
  output?: unknown;
};

/** An execution's history, as far as the invariants ask for it. */
export type Story = readonly Chapter[];

export type ExecutionEnd = { machine: Machine; name: string; status: string; error: string; story: Story };

type Details = Readonly<Record<string, { name?: string; error?: string; output?: string } | undefined>>;

/** Of a Map, whose items are in several states at once, an error may be told of the wrong one of them. */
export const storyOf = (history: readonly EventRow[]): Story => {
  const story: { state: string; errors: string[]; output?: unknown }[] = [];
  for (const { type, detail } of history) {
    const details = JSON.parse(detail) as Details;
    if (type.endsWith('StateEntered')) {
      story.push({ state: details.stateEnteredEventDetails?.name ?? '', errors: [] });
    } else if (type.endsWith('StateExited')) {
      const { name, output } = details.stateExitedEventDetails ?? {};
      const left = story.findLast(({ state }) => state === name);
      if (left && output !== undefined) left.output = JSON.parse(output);
    } else if (type === 'TaskFailed' || type === 'TaskTimedOut' || type === 'EvaluationFailed') {
      const error = Object.values(details)[0]?.error ?? '';
      story.at(-1)?.errors.push(error);
    }
  }
  return story;
};
