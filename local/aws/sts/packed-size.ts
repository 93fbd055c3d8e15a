import { deflateRawSync } from 'node:zlib';
import { AwsError } from '../service.ts';

/** AWS packs session policy and tags in a binary form of its own. Ours is deflate, against a limit of the same order. */
const allottedBytes = 2048;

/** Percent of the allotted space, 0 where there is nothing to pack. Throws PackedPolicyTooLarge above 100. */
export const packedPolicySize = (policy: string | undefined, tags: Readonly<Record<string, string>>): number => {
  if (policy === undefined && Object.keys(tags).length === 0) return 0;
  const packed = deflateRawSync(JSON.stringify([policy ?? '', Object.entries(tags).flat()])).length;
  const percent = Math.ceil((packed * 100) / allottedBytes);
  if (percent > 100) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      `Packed size of session tags and policy consumes ${percent}% of allotted space. Pass fewer or shorter ones.`,
      400,
    );
  }
  return percent;
};
