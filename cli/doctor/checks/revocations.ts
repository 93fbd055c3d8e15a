import { parsedDocument, statementsOf } from '#core/iam-document.ts';
import { denyDocument, denyPolicyName, inlinePolicyBudget, sameDocument } from '#core/ledger/document.ts';
import type { Ledger } from '#core/ledger/ledger.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';
import { otherInlineSize } from './deny-room.ts';

const untilItHolds =
  'It is tried again until it holds. If this stays for more than a minute, follow docs/runbook.md#revocation-failed.';
const writeAgain =
  'In the alerts channel press Revoke on the alert about it, which writes the deny again; so does the next revocation on this role.';

/** What the role's deny may say: everything that the ledger has, or what of it fits beside the other policies. */
const rightDocuments = (ledger: Ledger, deny: string | undefined, budgets: readonly number[]) =>
  budgets.flatMap((budget) => {
    try {
      return [denyDocument(ledger, deny, budget)];
    } catch {
      // Nothing fits: that is what the room is about.
      return [];
    }
  });

/** Whether what was revoked, and whose credentials still live, is denied; and nothing else. */
export const judgeRevocations = (
  ledger: Ledger,
  { name, inline }: { name: string; inline: Readonly<Record<string, string>> },
  nowMs: number,
): Verdict => {
  if (ledger.appliedVersion < ledger.entriesVersion) return failure('A revocation is not in force yet.', untilItHolds);
  const deny = inline[denyPolicyName];
  const budgets = [inlinePolicyBudget, inlinePolicyBudget - otherInlineSize(inline)];
  const matters = [...ledger.entries, ...(ledger.watermark ? [ledger.watermark] : [])].filter(
    ({ coversUntil }) => Date.parse(coversUntil) > nowMs,
  );
  const found =
    matters.length === 0 ? 'Nothing is revoked at present.' : `What is revoked is denied: ${matters.length}.`;
  if (rightDocuments(ledger, deny, budgets).some((document) => sameDocument(document, deny))) return ok(found);
  if (matters.length > 0) return failure('The deny policy does not say what was revoked.', writeAgain);
  const ours = statementsOf(parsedDocument(deny ?? '')).filter(({ Sid }) => String(Sid).startsWith('Daypass'));
  if (ours.length === 0) return ok(found);
  return warning(
    `${denyPolicyName} has ${ours.length} ${ours.length === 1 ? 'denial' : 'denials'} of Daypass that no revocation explains.`,
    `If nobody put it there on purpose, take what begins with Daypass out of the inline policy ${denyPolicyName} of ${name}.`,
  );
};
