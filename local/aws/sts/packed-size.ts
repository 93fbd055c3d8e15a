import { deflateRawSync } from 'node:zlib';
import { AwsError } from '../service.ts';

/**
 * AWS packs session policy and tags in a form of its own, whose measure it does not publish. Tags were seen to be
 * counted as they are (github.com/aws-actions/configure-aws-credentials/issues/1898: nine of 252 characters take 498
 * %). For the policy ours is deflate, against a limit of the order that people report. Both count together:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const allottedToTags = 455;
const allottedToPolicy = 2048;

/** Percent of the allotted space, 0 where there is nothing to pack. Throws PackedPolicyTooLarge above 100. */
export const packedPolicySize = (policy: string | undefined, tags: Readonly<Record<string, string>>): number => {
  const ofTags = Buffer.byteLength(Object.entries(tags).flat().join('')) / allottedToTags;
  const ofPolicy = policy === undefined ? 0 : deflateRawSync(policy).length / allottedToPolicy;
  const percent = Math.ceil((ofTags + ofPolicy) * 100);
  if (percent > 100) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      policy === undefined
        ? `Packed size of session tags consumes ${percent}% of allotted space.`
        : `Packed size of session tags and policy consumes ${percent}% of allotted space. Pass fewer or shorter ones.`,
      400,
    );
  }
  return percent;
};
