import { policyArnOf } from '#core/aws-arn.ts';
import { uriEncode } from '../sigv4/canonical.ts';
import { alreadyExists, limitExceeded, noSuchEntity } from './errors.ts';
import { newId } from './ids.ts';
import { arnText, type Operations, policyName, policyText, read } from './operation.ts';
import { parsePolicy } from './policy.ts';
import type { ManagedPolicy } from './policy-store.ts';
import type { IamStores } from './stores.ts';

const quota = 6_144;

const shown = ({ arn, id, name, createdAtMs }: ManagedPolicy): Record<string, unknown> => ({
  PolicyName: name,
  PolicyId: id,
  Arn: arn,
  Path: '/',
  DefaultVersionId: 'v1',
  AttachmentCount: 0,
  IsAttachable: true,
  CreateDate: new Date(createdAtMs),
  UpdateDate: new Date(createdAtMs),
});

/** Managed policies serve as permissions boundaries only: they have one version and cannot be attached. */
export const managedOperations = (stores: IamStores): Operations => {
  const { policies, clock, random } = stores;
  const arnIn = (input: Readonly<Record<string, unknown>>): string =>
    read(input, (check) => check.required(input, 'PolicyArn', 'policyArn', arnText));
  const find = (input: Readonly<Record<string, unknown>>, accountId: string): ManagedPolicy => {
    const arn = arnIn(input);
    const found = policies.managed(arn);
    if (found?.accountId !== accountId) throw noSuchEntity(`Policy ${arn} was not found.`);
    return found;
  };
  return {
    CreatePolicy: {
      needs: ({ input, caller }) => [
        { action: 'iam:CreatePolicy', resource: policyArnOf(caller.accountId, String(input.PolicyName)) },
      ],
      run: ({ input, caller: { accountId } }) => {
        const { name, document } = read(input, (check) => ({
          name: check.required(input, 'PolicyName', 'policyName', policyName),
          document: check.required(input, 'PolicyDocument', 'policyDocument', policyText),
        }));
        const arn = policyArnOf(accountId, name);
        if (policies.managed(arn))
          throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
        parsePolicy(document, 'identity');
        if (document.replace(/\s/g, '').length > quota)
          throw limitExceeded(`Cannot exceed quota for PolicySize: ${quota}`);
        const policy = { arn, id: newId('ANPA', random), accountId, name, document, createdAtMs: clock.nowMs() };
        policies.putManaged(policy);
        return { Policy: shown(policy) };
      },
    },
    GetPolicy: {
      needs: ({ input }) => [{ action: 'iam:GetPolicy', resource: String(input.PolicyArn) }],
      run: ({ input, caller }) => ({ Policy: shown(find(input, caller.accountId)) }),
    },
    GetPolicyVersion: {
      needs: ({ input }) => [{ action: 'iam:GetPolicyVersion', resource: String(input.PolicyArn) }],
      run: ({ input, caller }) => {
        const policy = find(input, caller.accountId);
        const version = input.VersionId;
        if (version !== 'v1')
          throw noSuchEntity(`Policy ${policy.arn} version ${String(version)} does not exist or is not attachable.`);
        return {
          PolicyVersion: {
            Document: uriEncode(policy.document),
            VersionId: 'v1',
            IsDefaultVersion: true,
            CreateDate: new Date(policy.createdAtMs),
          },
        };
      },
    },
  };
};
