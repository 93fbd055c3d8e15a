/**
 * Fills every `${name}` token in a value's strings. Throws a RangeError that names each token without a value, so that
 * nothing half-filled is ever deployed.
 */
export const substitute = <T>(value: T, values: Readonly<Record<string, string>>): T => {
  const missing = new Set<string>();
  const fill = (part: unknown): unknown => {
    if (typeof part === 'string') {
      return part.replace(/\$\{([a-z][a-z0-9-]*)\}/g, (token, name: string) => {
        const filled = Object.hasOwn(values, name) ? values[name] : undefined;
        if (filled === undefined) missing.add(name);
        return filled ?? token;
      });
    }
    if (Array.isArray(part)) return part.map(fill);
    if (part !== null && typeof part === 'object') {
      return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, fill(member)]));
    }
    return part;
  };
  const filled = fill(value) as T;
  if (missing.size > 0) throw new RangeError(`No value for ${[...missing].map((name) => `\${${name}}`).join(', ')}.`);
  return filled;
};
