import { readFileSync } from 'node:fs';
import { alarmResources } from '#deploy/hub/alarms.ts';
import { busResources } from '#deploy/hub/bus.ts';
import { dashboardResources } from '#deploy/hub/dashboard.ts';
import { failedEventResources } from '#deploy/hub/failed-events.ts';
import { functionDefinitions, functionResources } from '#deploy/hub/functions.ts';
import { httpApiResources } from '#deploy/hub/http-api.ts';
import { machineResources } from '#deploy/hub/machines.ts';
import { outputs } from '#deploy/hub/outputs.ts';
import { refuseOldPackages } from '#deploy/hub/packaged.ts';
import { conditions, parameters, params } from '#deploy/hub/parameters.ts';
import { deployedPolicy } from '#deploy/hub/policy.ts';
import { ruleResources, scheduleResources } from '#deploy/hub/rules.ts';
import { tableResources } from '#deploy/hub/table.ts';
import { hubTags, tagged } from '#deploy/hub/tags.ts';

/** Filled by osls: `osls deploy --stage test`. */
const stage = '${sls:stage}';
const tags = hubTags(stage);
const { policy, region, targetAccountIds } = deployedPolicy(readFileSync('access.yaml', 'utf8'));
refuseOldPackages(policy.digest, process.argv.slice(2));

/**
 * The deployed hub on one page. `npm run package` bundles the functions and makes the template; docs/deploy.md goes on
 * from there.
 */
export default {
  service: 'daypass',
  frameworkVersion: '^4.3.1',
  configValidationMode: 'error',
  params: { default: params },
  provider: {
    name: 'aws',
    stage: '${opt:stage, "prod"}',
    region: `\${opt:region, "${region}"}`,
    stackName: `daypass-${stage}`,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    versionFunctions: false,
    deploymentBucket: { blockPublicAccess: true, tags },
    tags,
    stackTags: tags,
  },
  // Each function brings its own zip; without this osls deploys only if there is one of the whole service too.
  package: { individually: true },
  functions: functionDefinitions(stage, '${param:artifacts}'),
  resources: {
    Description: 'Daypass: access to AWS for as long as it is needed and not a minute longer.',
    Parameters: parameters,
    Conditions: conditions,
    Resources: tagged(
      {
        ...tableResources(),
        ...busResources(targetAccountIds),
        ...functionResources(stage),
        ...failedEventResources(),
        ...ruleResources(),
        ...scheduleResources(),
        ...machineResources(),
        ...httpApiResources(),
        ...alarmResources(),
        ...dashboardResources(),
      },
      tags,
    ),
    Outputs: outputs(),
  },
};
