import { policyArnOf } from '#core/aws-arn.ts';
import { boundaryName } from '#core/aws-policy.ts';
import { roleEverywhere } from '#core/aws-role.ts';
import { durationInWords } from '#core/duration.ts';
import { differenceOf, isSame, parsedDocument, shortly, statementsOf } from '#core/iam-document.ts';
import { type LongerLivedMaker, longerLived } from '#core/longer-lived.ts';
import { boundaryDocument, type OpenedBy } from '#deploy/onboarding/boundary.ts';
import type { RoleFacts } from '../facts/roles.ts';
import { failure, ok, type Verdict } from '../report.ts';
import { onboardAgain } from './role-trust.ts';

export const boundaryArnIn = (accountId: string): string => policyArnOf(accountId, boundaryName);

/** Whether a managed role is bound by it. */
export const judgeBoundaryOf = ({ name, boundaryArn }: RoleFacts, accountId: string): Verdict => {
  const wanted = boundaryArnIn(accountId);
  if (boundaryArn === wanted) return ok(`${boundaryName} is its permissions boundary.`);
  const found =
    boundaryArn === undefined
      ? 'It has no permissions boundary, so a session may take its own deny away.'
      : `Its permissions boundary is ${boundaryArn}, not ${boundaryName}.`;
  return failure(found, `aws iam put-role-permissions-boundary --role-name ${name} --permissions-boundary ${wanted}`);
};

const lasting = ({ lives }: LongerLivedMaker): string =>
  lives === 'until-removed' ? 'until somebody removes it' : `for up to ${durationInWords(lives.sec)}`;

/** What sessions of a role may make that lives on after them, as the access policy opens it. */
export const judgeOpened = (opened: OpenedBy = {}): Verdict => {
  const open = longerLived.filter(({ id }) => (opened[id] ?? []).length > 0);
  if (open.length === 0) return ok('The access policy opens nothing to its sessions that lives on after them.');
  const each = open.map(
    (maker) => `${(opened[maker.id] ?? []).join(', ')} may make ${maker.makes}, which works ${lasting(maker)}`,
  );
  return ok(`${each.join('; ')} (opens in the access policy).`);
};

const passes = 'PassTheseRoles';
const anyRole = roleEverywhere('');

/** Which roles an installation lets sessions pass is its own choice, within what `daypass onboard` takes. */
const mayPassIn = (document: unknown): readonly string[] =>
  statementsOf(document)
    .filter(({ Sid }) => Sid === passes)
    .flatMap(({ Resource }) => (Array.isArray(Resource) ? Resource : [Resource]).map(String))
    .filter((arn) => arn.startsWith(anyRole))
    .map((arn) => arn.slice(anyRole.length))
    .filter((name) => !/^(?:\*|daypass-)/i.test(name));

/**
 * Whether the boundary itself is what was onboarded. `json` is undefined where there is no such policy. `written`: the
 * roles into which sessions may go on and what they may make, each way in which a template may have written them.
 */
export const judgeBoundary = (
  json: string | undefined,
  accountName: string,
  written: readonly { chainTargets: readonly string[]; opened: OpenedBy }[] = [{ chainTargets: [], opened: {} }],
): Verdict => {
  const todo = onboardAgain(accountName);
  if (json === undefined) return failure(`There is no managed policy ${boundaryName}.`, todo);
  const actual = parsedDocument(json);
  const mayPass = mayPassIn(actual);
  const differences = written.map(({ chainTargets, opened }) =>
    differenceOf(boundaryDocument(mayPass, chainTargets, opened), actual),
  );
  const [difference] = differences;
  if (!difference || differences.some(isSame)) {
    const extra = mayPass.length === 0 ? '' : ` Sessions may pass ${mayPass.join(', ')} to services.`;
    return ok(`${boundaryName} is as onboarded.${extra}`);
  }
  const [has] = difference.added;
  const [lacks] = difference.missing;
  const how = has ? `it says ${shortly(has)}` : lacks ? `it lacks ${shortly(lacks)}` : 'it differs';
  return failure(`${boundaryName} is not as onboarded: ${how}`, todo);
};
