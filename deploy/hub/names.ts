/**
 * What is called how in the hub. There is one Daypass per account, so names are fixed: target accounts trust roles by
 * name, and alarms and people find things by name.
 */
export const tableName = 'daypass';
export const busName = 'daypass';

/** As osls forms it from the key of `functions`. */
export const functionLogicalId = (functionName: string): string => `${pascal(functionName)}LambdaFunction`;

export const functionName = (name: string): string => `daypass-${name}`;
export const functionLogGroupName = (name: string): string => `/aws/lambda/${functionName(name)}`;

/** Of events that a function failed on and gets again. */
export const retriesQueueName = (name: string): string => `${functionName(name)}-retries`;

/** Of events that a function failed on for good. */
export const failedEventsQueueName = (name: string): string => `${functionName(name)}-failed-events`;

/** Of events that a rule could not hand over. */
export const deadLetterQueueName = (ruleName: string): string => `${ruleName}-dead-letters`;

/** The rule that runs a function by the clock. */
export const scheduleRuleName = (name: string): string => `daypass-schedule-${name}`;

export const machineRoleName = (machine: string): string => `daypass-machine-${machine}`;

/**
 * Vended logs have this prefix, or each group would lengthen the account's one policy for log delivery:
 * docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
 */
export const machineLogGroupName = (machine: string): string => `/aws/vendedlogs/states/daypass-${machine}`;
export const accessLogGroupName = '/aws/vendedlogs/daypass/api';

export const slackBotTokenParameter = (stage: string): string => `/daypass/${stage}/slack/bot-token`;
export const slackSigningSecretParameter = (stage: string): string => `/daypass/${stage}/slack/signing-secret`;

/** `revoke-sessions` or `POST /v1/requests/{id}/end` as a part of a logical id, which has letters and digits only. */
export const pascal = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => (/^[A-Z]+$/.test(word) ? word.toLowerCase() : word))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
