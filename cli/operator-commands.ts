import { type Command, Option } from 'commander';
import { policyArnOf } from '#core/aws-arn.ts';
import { canaryRoleName, managedPrefix, revokerRoleName } from '#core/aws-role.ts';
import { commandName } from '#core/command-name.ts';
import { forms } from './commands/onboard-notes.ts';
import type { AddOperatorCommands } from './program.ts';

const doctorHelp = `
It looks and changes nothing; with --canary it also takes, in every target account, the role ${canaryRoleName}, which may
do nothing, and waits up to five minutes until the detector was told of it. AWS is read with a profile for each account of the policy: the one that --profile names,
else NAME-admin where your AWS configuration has it, else, for the hub alone, the credentials of your environment. What
cannot be looked at for want of credentials is a warning. Slack's token and signing secret are taken from
SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, else from the hub's parameters /daypass/STAGE/slack/…, and are never printed.

--local looks at what \`npm start\` runs on this machine: its profiles in DIR/aws, its app at http://127.0.0.1:4600 unless
--api says otherwise, and its Slack workspace unless SLACK_API_URL names another Slack.

Exit codes: 0 nothing failed, 1 failures were found, 2 it could not run.`;

const onboardHelp = `
What is printed makes, in the account: the roles that its entitlements lend, which only the hub's mint-credentials may take,
with the account's external id, under a grant and in somebody's name; the permissions boundary daypass-boundary on each of
them; the role ${revokerRoleName}; and rules in every region that send events about roles to the hub. It is one template for
every region. Nothing is deployed: the JSON goes to stdout, what to do with it to stderr.

The access policy says who may have a role, not what the role may do. That stands in a file of yours, YAML or JSON:

  mayPass: [app-*]                    # roles that a session may pass to AWS services; none unless named here
  accounts:
    production:
      ${managedPrefix}orders-read:
        statements:                   # of an inline policy
          - { Effect: Allow, Action: ["dynamodb:GetItem"], Resource: "arn:aws:dynamodb:*:222222222222:table/Orders" }
        managedPolicyArns: [${policyArnOf('aws', 'ReadOnlyAccess')}]

Whatever it allows, the boundary lets no session change IAM, Organizations or Identity Center, touch Daypass, or stop what
CloudTrail sees: access must not outlive its grant. It does not bind what already runs under other roles, so allow no more
than the work needs, and mind who may change code that runs under a strong role.

External ids are random, one for each account. A new account: put an id from --new-external-id into access.yaml, then
onboard. Another id for an account, without a gap: --rotate, deploy, change access.yaml, and onboard once more without it.
`;

const liftHelp = `
Its calls are signed, and IAM decides: they write the hub's table and put on its bus, as its administrators may. The lift is
audited under the ARN of the credentials, and always raises an alert first.

Exit codes: 0 lifted, 1 it could not be, 2 usage, 3 not the hub's credentials, 5 nothing of the kind is locked down.`;

/** What somebody who runs Daypass uses, rather than somebody who asks it for access. */
export const addOperatorCommands: AddOperatorCommands = ({ program, common, examples, context, finish }) => {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

  common(program.command('doctor'))
    .description('check an installation: policy, Slack, rules, trail and the roles of every account')
    .option('--local [dir]', 'look at what `npm start` runs here (default: .daypass)')
    .option('--policy <file>', 'the access policy (default: access.yaml)')
    .option('--stage <name>', 'the stage that was deployed (default: prod)')
    .option('--region <name>', 'the region of the hub (default: what the access policy says)')
    .option('--broker <arn>', 'the principal of a single node, which takes the place of the hub’s functions')
    .option('--profile <account=profile>', 'the AWS profile for an account of the policy; once for each', collect)
    .option('--canary', 'also make an event in every account, and wait for it to reach the detector')
    .addHelpText('after', doctorHelp)
    .addHelpText(
      'after',
      examples([
        `${commandName} doctor --local`,
        `${commandName} doctor --api https://daypass.example.com --profile hub=ops --profile production=ops-production`,
        `${commandName} doctor --canary`,
        `${commandName} doctor --json`,
      ]),
    )
    .action(async (options, command: Command) =>
      finish(await (await import('./commands/doctor.ts')).run(context(command), options)),
    );

  common(program.command('revocations'))
    .description('what is revoked on a role, the policy that denies it, and what lives')
    .argument('<role>', 'the name of a role of the access policy, or its ARN')
    .option('--local [dir]', 'look at what `npm start` runs here (default: .daypass)')
    .option('--policy <file>', 'the access policy (default: access.yaml)')
    .option('--region <name>', 'the region of the hub (default: that of the hub’s profile, or AWS_REGION)')
    .option('--profile <account=profile>', 'the AWS profile for an account of the policy; once for each', collect)
    .addHelpText(
      'after',
      '\nIt looks and changes nothing. Exit codes: 0 it is in force, 1 it is not, 2 usage, 5 no such role.',
    )
    .addHelpText(
      'after',
      examples([
        `${commandName} revocations ${managedPrefix}orders-admin --local`,
        `${commandName} revocations ${managedPrefix}orders-admin --json`,
      ]),
    )
    .action(async (role: string, options, command: Command) =>
      (await import('./commands/revocations.ts')).run(context(command), role, options, finish),
    );

  common(program.command('lift-lockdown'))
    .description('lift a lockdown with AWS credentials of the hub, where nobody is left who could')
    .argument('<kind>', 'person, role or account')
    .argument('<name>', 'of whom or of what, as `lockdown` names it')
    .option('--reason <text>', 'why; it is kept with the lockdown')
    .option('--local [dir]', 'of what `npm start` runs here (default: .daypass)')
    .option('--policy <file>', 'the access policy (default: access.yaml)')
    .option('--region <name>', 'the region of the hub (default: what the access policy says)')
    .option('--profile <account=profile>', 'the AWS profile for the hub: hub=PROFILE', collect)
    .addHelpText('after', liftHelp)
    .addHelpText(
      'after',
      examples([
        `${commandName} lift-lockdown person bob --reason "locked each other out" --profile hub=ops`,
        `${commandName} lift-lockdown person bob --reason "locked each other out" --local`,
      ]),
    )
    .action(async (kind: string, name: string, options, command: Command) =>
      (await import('./commands/lift-lockdown.ts')).run(context(command), kind, name, options),
    );

  common(program.command('runbook'))
    .description('what an alert means, how urgent it is, what to check and how to mend it')
    .argument('[alert]', 'the kind of alert, as its card names it; all of them where none is named')
    .addHelpText('after', '\nIt asks nobody. What to do about alarms stands in docs/runbook.md.')
    .addHelpText('after', examples([`${commandName} runbook`, `${commandName} runbook trust-changed`]))
    .action(async (alert: string | undefined, _options, command: Command) =>
      (await import('./commands/runbook.ts')).run(context(command), alert),
    );

  const policy = program.command('policy').description('look at an access policy: policy validate');
  common(policy.command('validate'))
    .description('say everything that is wrong with an access policy, with line and remedy')
    .argument('[file]', 'the policy (default: access.yaml)')
    .addHelpText('after', '\nExit codes: 0 it can be used, 1 it has problems, 2 it cannot be read.')
    .addHelpText(
      'after',
      examples([
        `${commandName} policy validate`,
        `${commandName} policy validate staging/access.yaml`,
        `${commandName} policy validate --json`,
      ]),
    )
    .action(async (file: string | undefined, _options, command: Command) =>
      (await import('./commands/policy-validate.ts')).run(context(command), file, finish),
    );

  const slack = program.command('slack').description('set the Slack app up: slack manifest');
  common(slack.command('manifest'))
    .description('print the Slack app that Daypass needs, for Slack to create it from')
    .option('--url <url>', 'where Slack reaches Daypass (default: the API’s address)')
    .option('--socket-mode', 'for a single node that Slack need not reach')
    .option('--name <name>', 'how the app is called in Slack (default: Daypass)')
    .addHelpText(
      'after',
      `
At https://api.slack.com/apps choose Create New App, then From a manifest, pick the workspace, and paste the manifest in
the JSON tab. Install the app to the workspace, and invite it to both channels of access.yaml. An app that is there
already takes a changed manifest under App Manifest.
`,
    )
    .addHelpText(
      'after',
      examples([
        `${commandName} slack manifest --url https://daypass.example.com > manifest.json`,
        `${commandName} slack manifest --socket-mode --name "Daypass (staging)"`,
      ]),
    )
    .action(async (options, command: Command) =>
      (await import('./commands/slack-manifest.ts')).run(context(command), options),
    );

  common(program.command('onboard'))
    .description('print what a target account needs, as CloudFormation, StackSet or Terraform')
    .argument('[account]', 'the account, by its name in access.yaml or its id; not for a StackSet, which is for all')
    .addOption(new Option('--form <form>', 'what to print').choices([...forms]).default('cloudformation'))
    .option('--policy <file>', 'the access policy (default: access.yaml)')
    .option('--permissions <file>', 'what the roles may do, as below')
    .option('--new-external-id', 'print an external id for an account that is about to be added, and nothing else')
    .option('--rotate [id]', 'take a new external id beside the present one: a random one, or this one')
    .option('--broker <arn>', 'the role or user of a single node, in place of the roles of the hub’s functions')
    .option('--hub-region <name>', 'where the hub is deployed (default: what the access policy says)')
    .option('--home-region <name>', 'where the account’s IAM resources are described (default: us-east-1)')
    .addHelpText('after', onboardHelp)
    .addHelpText('after', '\nExit codes: 0 printed, 1 a file cannot be used, 2 usage.')
    .addHelpText(
      'after',
      examples([
        `${commandName} onboard production --permissions permissions.yaml > production.json`,
        `${commandName} onboard --form stackset --permissions permissions.yaml > onboarding.json`,
        `${commandName} onboard production --form terraform > main.tf.json`,
        `${commandName} onboard --new-external-id`,
        `${commandName} onboard production --rotate > production.json`,
      ]),
    )
    .action(async (account: string | undefined, options, command: Command) =>
      (await import('./commands/onboard.ts')).run(context(command), account, options),
    );
};
