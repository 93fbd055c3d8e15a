import { denyPolicyName, inlinePolicyBudget } from '#core/ledger/document.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';

/** With less no deny at all fits, not even the one that ends every session. */
const leastForDeny = 512;
/** Some forty revocations at a time; after that the oldest become a deny of the whole role. */
const comfortable = 2_048;

/** As IAM counts: white space is free. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const sizeOf = (json: string): number => json.replace(/\s/g, '').length;

const inCharacters = new Intl.NumberFormat('en-US');

/** What the inline policies beside the deny take. */
export const otherInlineSize = (inline: Readonly<Record<string, string>>): number =>
  Object.entries(inline).reduce((sum, [name, json]) => (name === denyPolicyName ? sum : sum + sizeOf(json)), 0);

/** Whether the deny policy still has room beside the role's other inline policies. */
export const judgeDenyRoom = (inline: Readonly<Record<string, string>>): Verdict => {
  const others = Object.entries(inline).filter(([name]) => name !== denyPolicyName);
  const room = inlinePolicyBudget - otherInlineSize(inline);
  const left = room - sizeOf(inline[denyPolicyName] ?? '');
  const found = `${inCharacters.format(Math.max(0, left))} of ${inCharacters.format(inlinePolicyBudget)} characters of inline policy are left for the deny.`;
  const [largest] = others.sort(([, a], [, b]) => sizeOf(b) - sizeOf(a));
  const todo = largest
    ? `Turn the inline policy ${largest[0]} into a managed one and attach that.`
    : 'Wait for revoked credentials to expire, an hour at most: their entries then leave the deny.';
  if (room < leastForDeny) return failure(found, todo);
  return left < comfortable ? warning(found, todo) : ok(found);
};
