import { CelEngine, type StandardDiagnostic } from '@aws/cloudformation-validate';
import validateAsl from 'asl-validator';

type Template = {
  Resources: Readonly<Record<string, { Type: string; Properties?: Readonly<Record<string, unknown>> }>>;
};

const sayDiagnostic = ({ ruleId, message, entity, propertyPath }: StandardDiagnostic): string =>
  `${ruleId} ${[entity?.logicalId, propertyPath].filter(Boolean).join(' ')}: ${message}`;

/**
 * What AWS's own validator calls an error, one sentence each. Of its two engines, which find the same, this one starts
 * in a tenth of the time.
 */
export const cloudFormationErrors = (text: string): string[] => {
  const engine = new CelEngine();
  try {
    const file = { path: 'cloudformation.json', readBytes: () => Buffer.from(text) };
    return engine.validateStandard(file, { severityLevel: 'ERROR' }).diagnostics.map(sayDiagnostic);
  } finally {
    engine.free();
  }
};

/**
 * The definition of each state machine in a template, with some function's address wherever CloudFormation would put
 * one.
 */
export const definitionsIn = (text: string): { logicalId: string; definition: object }[] =>
  Object.entries((JSON.parse(text) as Template).Resources).flatMap(([logicalId, { Type, Properties }]) => {
    if (Type !== 'AWS::StepFunctions::StateMachine') return [];
    const written = Properties?.DefinitionString as string | { 'Fn::Sub': string };
    const filled = (typeof written === 'string' ? written : written['Fn::Sub']).replaceAll(
      /\$\{\w+\.Arn\}/g,
      'arn:aws:lambda:us-east-1:111111111111:function:daypass',
    );
    return [{ logicalId, definition: JSON.parse(filled) as object }];
  });

export const machineErrors = (text: string): string[] =>
  definitionsIn(text).flatMap(({ logicalId, definition }) =>
    validateAsl(definition).errors.map((error) => `${logicalId}: ${error['Error code']} ${error.Message}`),
  );

/** Our tokens and osls' variables begin small; what CloudFormation itself fills begins with a capital. */
export const unfilledTokens = (text: string): string[] => [...new Set(text.match(/\$\{[a-z][^}]*\}/g) ?? [])];

/** Everything that is wrong with a template, one sentence each; empty when it may be deployed. */
export const templateProblems = (text: string): string[] => [
  ...unfilledTokens(text).map((token) => `${token} was not filled.`),
  ...machineErrors(text),
  ...cloudFormationErrors(text),
];
