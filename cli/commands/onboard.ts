import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isUserArn, principalArnPattern, userIsNoBroker, whatIsABroker } from '#core/aws-arn.ts';
import { regionProblem } from '#core/aws-region.ts';
import { commandName } from '#core/command-name.ts';
import { closestTo } from '#core/policy/did-you-mean.ts';
import type { Account, Policy } from '#core/policy/policy.ts';
import { problemLine } from '#core/policy/problem.ts';
import { cloudFormation } from '#deploy/onboarding/cloudformation.ts';
import { externalIdBytes, externalIdFrom } from '#deploy/onboarding/external-id.ts';
import { type Permissions, readPermissions } from '#deploy/onboarding/permissions.ts';
import { hubOf, type OnboardingPlan, onboardingPlan, targetsOf } from '#deploy/onboarding/plan.ts';
import { tooLong } from '#deploy/onboarding/size.ts';
import { terraform } from '#deploy/onboarding/terraform.ts';
import { type Context, plain } from '../context.ts';
import { exits, Failure, usage } from '../failure.ts';
import { readPolicyFile, usualPolicyFile } from '../policy-file.ts';
import { type Form, notesFor } from './onboard-notes.ts';

export type OnboardOptions = {
  form: Form;
  policy?: string;
  permissions?: string;
  newExternalId?: boolean;
  /** `true` without a value. */
  rotate?: string | true;
  broker?: string;
  hubRegion?: string;
  homeRegion?: string;
};

const newExternalId = (): string => externalIdFrom(randomBytes(externalIdBytes));

const policyIn = async (file: string): Promise<Policy> => {
  const read = await readPolicyFile(file);
  if (read.ok) return read.policy;
  const lines = read.problems.map((problem) => `  ${plain(problemLine(problem))}`).join('\n');
  throw new Failure(
    exits.unexpected,
    'policy-invalid',
    `${file} cannot be used:\n${lines}`,
    `Correct it first; \`${commandName} policy validate\` says more.`,
  );
};

const permissionsIn = async (file: string | undefined, policy: Policy): Promise<Permissions | undefined> => {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch(() => {
    throw usage(`${file} cannot be read.`, 'Name the file with the permissions of the roles after --permissions.');
  });
  const read = readPermissions(text, policy);
  if (read.ok) return read.permissions;
  const lines = read.problems.map((problem) => `  ${plain(problem)}`).join('\n');
  throw new Failure(
    exits.unexpected,
    'permissions-invalid',
    `${file} cannot be used:\n${lines}`,
    `\`${commandName} onboard --help\` shows how it is written.`,
  );
};

/** The account by its name or id. */
const accountNamed = (policy: Policy, typed: string): Account => {
  const account = policy.accounts.find(({ id, name }) => id === typed || name === typed);
  const names = targetsOf(policy).map(({ name }) => name);
  if (!account) {
    const meant = closestTo(typed, names);
    throw usage(
      `The access policy has no account ${plain(typed)}.`,
      meant === undefined
        ? `Known: ${names.join(', ') || 'none'}. Add it under accounts, with an external id from \`${commandName} onboard --new-external-id\`.`
        : `Did you mean ${meant}?`,
    );
  }
  if (account.externalId !== undefined) return account;
  throw usage(
    `Daypass itself runs in ${account.name}, and lends no roles there.`,
    names.length === 0
      ? 'Add the accounts to lend roles in to the access policy.'
      : `Target accounts: ${names.join(', ')}.`,
  );
};

/** What is planned for, and the one that is named. */
const chosen = (policy: Policy, typed: string | undefined, { form, rotate }: OnboardOptions) => {
  if (form === 'stackset') {
    if (typed !== undefined && rotate === undefined) {
      throw usage(
        'A StackSet is for all target accounts at once.',
        'Leave the account out; with --rotate it says whose id is changed.',
      );
    }
    const accounts = targetsOf(policy);
    if (accounts.length === 0)
      throw usage('The access policy has no account besides the hub.', 'Add one under accounts.');
    return { accounts, named: typed === undefined ? undefined : accountNamed(policy, typed) };
  }
  if (typed === undefined) {
    throw usage(
      'Which account?',
      `Target accounts: ${
        targetsOf(policy)
          .map(({ name }) => name)
          .join(', ') || 'none'
      }.`,
    );
  }
  const account = accountNamed(policy, typed);
  return { accounts: [account], named: account };
};

const rotation = (named: Account | undefined, rotate: string | true | undefined): Readonly<Record<string, string>> => {
  if (rotate === undefined) return {};
  if (!named)
    throw usage('Whose external id is to be changed?', `Name the account: ${commandName} onboard ACCOUNT --rotate.`);
  if (rotate === named.externalId)
    throw usage(`${named.name} has this external id already.`, 'Give the new one, or none.');
  if (rotate !== true && !/^[\w+=,.@:/-]{16,256}$/.test(rotate)) {
    throw usage('This is no external id that nobody guesses.', 'Leave it out, and a random one is made.');
  }
  return { [named.id]: rotate === true ? newExternalId() : rotate };
};

const checkOptions = ({ broker, hubRegion, homeRegion, newExternalId, rotate }: OnboardOptions): void => {
  if (broker !== undefined && !principalArnPattern.test(broker)) {
    throw usage('--broker takes the ARN of an IAM role.', 'For a session, name its role.');
  }
  if (broker !== undefined && isUserArn(broker))
    throw usage(`The broker is an IAM user. ${userIsNoBroker}`, whatIsABroker);
  for (const region of [hubRegion, homeRegion]) {
    const wrong = region === undefined ? undefined : regionProblem(region);
    if (wrong !== undefined) throw usage(plain(wrong));
  }
  if (newExternalId && rotate !== undefined) throw usage('Use either --new-external-id or --rotate.');
};

const templateOf = (plan: OnboardingPlan, form: Form): object => {
  const [account] = plan.accounts;
  return form === 'terraform' && account ? terraform(plan, account) : cloudFormation(plan);
};

/** Prints an id for an account that is about to be added. Nothing keeps it. */
const printNewId = (context: Context, account: string | undefined): void => {
  if (account !== undefined) {
    throw usage(
      '--new-external-id is for an account that is about to be added.',
      `For ${plain(account)} use --rotate.`,
    );
  }
  const externalId = newExternalId();
  if (context.json) {
    context.print(JSON.stringify({ ok: true, data: { externalId } }));
    return;
  }
  context.print(`externalId: ${externalId}`);
  context.say(
    `Put this line under the new account in access.yaml. It is shown this once. Then run \`${commandName} onboard ACCOUNT\`.`,
  );
};

/** Prints the template of an account; what to do with it goes to stderr. */
export const run = async (context: Context, typed: string | undefined, options: OnboardOptions): Promise<void> => {
  checkOptions(options);
  if (options.newExternalId) return printNewId(context, typed);
  const policyFile = options.policy ?? usualPolicyFile;
  const policy = await policyIn(policyFile);
  if (!hubOf(policy))
    throw usage(`No account in ${policyFile} is the hub.`, 'The account that Daypass runs in has no externalId.');
  const { accounts, named } = chosen(policy, typed, options);
  const newExternalIds = rotation(named, options.rotate);
  const permissions = await permissionsIn(options.permissions, policy);
  const { broker, hubRegion, homeRegion } = options;
  const plan = onboardingPlan(policy, accounts, {
    newExternalIds,
    ...(permissions && { permissions }),
    ...(broker !== undefined && { broker }),
    ...(hubRegion !== undefined && { hubRegion }),
    ...(homeRegion !== undefined && { homeRegion }),
  });
  const problems = tooLong(plan);
  if (problems.length > 0) {
    throw new Failure(
      exits.unexpected,
      'too-long',
      problems.join('\n'),
      'Say less in the permissions file, or lend fewer entitlements of one role.',
    );
  }
  const template = templateOf(plan, options.form);
  const notes = notesFor({
    plan,
    form: options.form,
    named,
    newExternalId: named && newExternalIds[named.id],
    policyFile,
  });
  if (context.json) return context.print(JSON.stringify({ ok: true, data: { form: options.form, template, notes } }));
  context.print(JSON.stringify(template, null, 2));
  for (const note of notes) context.say(note);
};
