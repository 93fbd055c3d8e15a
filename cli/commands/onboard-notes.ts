import { commandName } from '#core/command-name.ts';
import type { Account } from '#core/policy/policy.ts';
import type { OnboardingPlan } from '#deploy/onboarding/plan.ts';

export type Form = 'cloudformation' | 'stackset' | 'terraform';
export const forms: readonly Form[] = ['cloudformation', 'stackset', 'terraform'];

const stack = 'daypass-onboarding';
const capabilities = '--capabilities CAPABILITY_NAMED_IAM';

const cloudFormationSteps = (account: string, homeRegion: string): string[] => [
  `Save what was printed as ${account}.json. Deploy it in ${homeRegion} first, which makes the roles:`,
  `  aws cloudformation deploy --stack-name ${stack} --template-file ${account}.json ${capabilities} --region ${homeRegion}`,
  'then the same in every other region that the account has switched on, for the rules that send events to the hub.',
];

const stackSetSteps = ({ accounts, homeRegion }: OnboardingPlan): string[] => {
  const ids = accounts.map(({ accountId }) => accountId);
  const create = `aws cloudformation create-stack-set --stack-set-name ${stack} --template-body file://onboarding.json ${capabilities}`;
  const deploy = `aws cloudformation create-stack-instances --stack-set-name ${stack}`;
  const byOrganization = `--deployment-targets OrganizationalUnitIds=OU,AccountFilterType=INTERSECTION,Accounts=${ids.join()}`;
  return [
    'Save what was printed as onboarding.json. With permissions that AWS Organizations manages:',
    `  ${create} --permission-model SERVICE_MANAGED --auto-deployment Enabled=false`,
    `  ${deploy} ${byOrganization} --regions ${homeRegion}`,
    'With roles of your own (AWSCloudFormationStackSetAdministrationRole and AWSCloudFormationStackSetExecutionRole):',
    `  ${create} --permission-model SELF_MANAGED`,
    `  ${deploy} --accounts ${ids.join(' ')} --regions ${homeRegion}`,
    'That makes the roles. When it has succeeded, do create-stack-instances again for every other region that is switched on,',
    'for the rules that send events to the hub. Later changes go out with update-stack-set.',
  ];
};

const terraformSteps = (): string[] => [
  'Save what was printed as main.tf.json in a folder of its own, add your backend, and run `terraform init` and `terraform apply`',
  'with credentials of that account. It covers every region that is switched on, and needs version 6 of the AWS provider.',
];

const stepsOf = (plan: OnboardingPlan, form: Form): string[] => {
  if (form === 'stackset') return stackSetSteps(plan);
  return form === 'terraform'
    ? terraformSteps()
    : cloudFormationSteps(plan.accounts[0]?.name ?? 'account', plan.homeRegion);
};

const doubts = (plan: OnboardingPlan): string[] => [
  ...plan.accounts
    .filter(({ roles }) => roles.length === 0)
    .map(
      ({ name }) =>
        `No entitlement is in ${name}: nothing is lent there yet. Its events are sent to the hub all the same.`,
    ),
  ...plan.accounts.flatMap(({ name, roles }) =>
    roles
      .filter(
        ({ permissions: { statements, managedPolicyArns } }) => statements.length + managedPolicyArns.length === 0,
      )
      .map(({ roleName }) => `${roleName} in ${name} may do nothing yet: give it permissions with --permissions FILE.`),
  ),
];

/** The steps of a change of external id without a moment in which neither works. */
const rotationSteps = (account: string, newExternalId: string, policyFile: string): string[] => [
  `${account} takes its present external id and a new one. The new one is in the template, and shown here this once:`,
  `    externalId: ${newExternalId}`,
  `  1. Deploy this template in ${account}.`,
  `  2. In ${policyFile} put this line in the place of accounts.${account}.externalId, and deploy the hub.`,
  `  3. Run \`${commandName} onboard ${account}\` again, without --rotate, and deploy that: then only the new one is taken.`,
];

/** What a person has to know and do about a template, line by line. */
export const notesFor = (of: {
  plan: OnboardingPlan;
  form: Form;
  named: Account | undefined;
  newExternalId: string | undefined;
  policyFile: string;
}): string[] => {
  const { plan, form, named, newExternalId, policyFile } = of;
  return [
    ...(named && newExternalId !== undefined ? rotationSteps(named.name, newExternalId, policyFile) : []),
    ...doubts(plan),
    ...stepsOf(plan, form),
    ...(plan.hears === 'forwarded'
      ? [
          `Deploy the hub (${plan.hub.accountId}) before: the trust policies name its roles, and its bus has to let these accounts in.`,
        ]
      : [`${plan.brokers.join()} must exist before. It hears of events by looking them up, so no rule sends any.`]),
    'Each account needs a CloudTrail trail of all regions that logs management events, read and write. IAM and the global STS endpoint report in us-east-1.',
  ];
};
