import { accountArnOf, policyArnOf } from './aws-arn.ts';
import { canonicalJson } from './canonical-json.ts';
import { differenceOf, meaningOf, parsedDocument, shortly, statementsOf } from './iam-document.ts';
import { denyPolicyName } from './ledger/document.ts';
import { sha256 } from './sha256.ts';

/**
 * What decides what sessions of a managed role may do, and who may take it. Documents are JSON. Of attached policies
 * the ARNs alone: what AWS's own say changes without anybody's doing.
 */
export type RoleShape = {
  trust: string;
  boundaryArn?: string;
  /** Where it is the one of onboarding. */
  boundary?: string;
  /** By name. */
  inline: Readonly<Record<string, string>>;
  attachedArns: readonly string[];
};

/** The role's tag with the digest of what onboarding gave it. */
export const asOnboardedTag = 'daypass:as-onboarded';

/** IAM gives an account back as the ARN of its root. */
const withRoots = (statement: object): object => {
  const { Principal } = statement as { Principal?: { AWS?: unknown } };
  if (Principal?.AWS === undefined) return statement;
  const AWS = [Principal.AWS].flat().map((one) => (/^\d{12}$/.test(String(one)) ? accountArnOf(String(one)) : one));
  return { ...statement, Principal: { ...Principal, AWS } };
};

const documentOf = (json: string) => ({ Statement: statementsOf(parsedDocument(json)).map(withRoots) });

const meanings = (json: string): readonly string[] => [...new Set(documentOf(json).Statement.map(meaningOf).sort())];

/** Our own deny is no part of it: it comes and goes. */
const given = ({ inline }: RoleShape): [name: string, json: string][] =>
  Object.entries(inline).filter(([name]) => name !== denyPolicyName);

/** The same for two that say the same, in whatever order and spelling. */
export const digestOfShape = (shape: RoleShape): string =>
  sha256(
    canonicalJson({
      trust: meanings(shape.trust),
      boundaryArn: shape.boundaryArn ?? 'none',
      boundary: meanings(shape.boundary ?? '{}'),
      inline: Object.fromEntries(given(shape).map(([name, json]) => [name, meanings(json)])),
      attached: [...shape.attachedArns].sort(),
    }),
  );

/** One thing that is not as it was, in words. `opens`: it lets somebody in, or lets sessions do more. */
export type ShapeChange = { words: string; opens: boolean };

const added = (where: string, was: string | undefined, is: string): ShapeChange[] => {
  const { missing, added: more } = differenceOf(documentOf(was ?? '{}'), documentOf(is));
  return [
    ...more.map((one) => ({
      words: `${where} ${was === undefined ? 'says' : 'has gained'} ${shortly(one)}`,
      opens: one.Effect === 'Allow',
    })),
    ...missing.map((one) => ({ words: `${where} has lost ${shortly(one)}`, opens: one.Effect === 'Deny' })),
  ];
};

/** What is not as it was, the worst first. Without `was` all that `is` says, since nobody knows what is new of it. */
export const changesOf = (was: RoleShape | undefined, is: RoleShape): readonly ShapeChange[] => {
  const names = [...new Set([...given(is), ...(was ? given(was) : [])].map(([name]) => name))];
  const had = was?.attachedArns ?? [];
  const changes = [
    ...(was && was.boundaryArn !== is.boundaryArn
      ? [
          {
            words: `its permissions boundary is ${is.boundaryArn ?? 'gone'}, not ${was.boundaryArn ?? 'none'}`,
            opens: true,
          },
        ]
      : []),
    ...names.flatMap((name) =>
      added(`the inline policy ${name}`, was && (was.inline[name] ?? '{}'), is.inline[name] ?? '{}'),
    ),
    ...is.attachedArns
      .filter((arn) => !had.includes(arn))
      .map((arn) => ({ words: `${arn} is attached to it`, opens: arn !== policyArnOf('aws', 'AWSDenyAll') })),
    ...had
      .filter((arn) => !is.attachedArns.includes(arn))
      .map((arn) => ({ words: `${arn} is not attached to it any more`, opens: false })),
    ...added('its trust policy', was?.trust, is.trust),
    ...(was ? added('its permissions boundary', was.boundary ?? '{}', is.boundary ?? '{}') : []),
  ];
  return [...changes.filter(({ opens }) => opens), ...changes.filter(({ opens }) => !opens)];
};

const mostSaid = 3;

/** The changes in a sentence, without a full stop. */
export const saidOf = (changes: readonly ShapeChange[]): string => {
  const more = changes.length - mostSaid;
  const first = changes.slice(0, mostSaid).map(({ words }) => words);
  return [...first, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
};

/** How a managed role was seen last. */
export type SeenRole = {
  /** The last one that was as onboarded, and its digest; missing where none ever was. */
  onboarded?: { digest: string; shape: RoleShape };
  /** The digest of another one that was told; missing while it is as onboarded. */
  told?: string;
};
