import * as z from 'zod/mini';
import { policyDocument } from './document.ts';

/** The JSON Schema of `access.yaml` for editors, as `access.schema.json` holds it. */
export const policySchema = (): Readonly<Record<string, unknown>> => {
  const { $schema, ...rest } = z.toJSONSchema(policyDocument, { io: 'input', target: 'draft-7' });
  return {
    $schema,
    title: 'Daypass access policy',
    description: 'Who may ask for which AWS access, how long, and who approves.',
    ...rest,
  };
};
