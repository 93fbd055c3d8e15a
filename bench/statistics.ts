/** To one decimal; null of nothing. */
const rounded = (value: number | undefined): number | null =>
  value === undefined ? null : Math.round(value * 10) / 10;

const percentile = (values: readonly number[], share: number): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  return rounded(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]);
};

/** Median, 95th percentile (nearest rank), extremes and count of some milliseconds. */
export const spread = (valuesMs: readonly number[]) => ({
  n: valuesMs.length,
  minMs: rounded(valuesMs.length === 0 ? undefined : Math.min(...valuesMs)),
  medianMs: percentile(valuesMs, 0.5),
  p95Ms: percentile(valuesMs, 0.95),
  maxMs: rounded(valuesMs.length === 0 ? undefined : Math.max(...valuesMs)),
});

export const megabytes = (bytes: number): number => Math.round((bytes / 1024 / 1024) * 10) / 10;

export const twoDecimals = (value: number): number => Math.round(value * 100) / 100;
