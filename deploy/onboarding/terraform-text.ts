export type Block = Readonly<Record<string, unknown>>;
/** Resources of one type, by name. */
export type Blocks = Readonly<Record<string, Block>>;

/** An expression of Terraform's, as opposed to text that happens to look like one. */
export class Expression {
  readonly text: string;
  constructor(text: string) {
    this.text = `\${${text}}`;
  }
}

/** Text that Terraform reads back as it is: `\${aws:username}` of a policy is not an expression of its. */
const literal = (text: string): string => text.replace(/[$%](?=\{)/g, (sign) => sign + sign);

const written = (value: unknown): unknown => {
  if (value instanceof Expression) return value.text;
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return value.map(written);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [literal(key), written(member)]));
};

/** A policy document as the JSON text that the provider wants. */
export const json = (document: object): string => JSON.stringify(written(document));
