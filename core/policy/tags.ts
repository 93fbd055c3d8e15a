import type { PolicyDocument } from './document.ts';
import { repeats } from './duplicates.ts';
import type { Located } from './issues.ts';
import type { Path } from './source-text.ts';

type Written = PolicyDocument['entitlements'][string];

/** STS takes fifty; the rest is for those of Daypass, and for what else a mint may come to send. */
const most = 40;

/**
 * What the tags of an entitlement may take of the room that STS has for the tags and the policy of a session. AWS
 * publishes no measure. It was seen to count tags as they are, about 455 bytes of keys and values being all
 * (github.com/aws-actions/configure-aws-credentials/issues/1898: 2,268 bytes are 498 %); of these the two tags of
 * Daypass may take 108. The session policy is packed closer, and the roles of `chaining` are what makes it long.
 */
const roomBytes = 280;
const chainedBytesPerTagByte = 5;

const bytesOf = (texts: readonly string[]): number => new TextEncoder().encode(texts.join('')).length;

/** What STS would refuse at every mint, long after somebody approved. Each tag by itself is checked by the schema. */
export const tagProblems = ({ tags = {}, chaining }: Pick<Written, 'tags' | 'chaining'>, at: Path): Located[] => {
  const keys = Object.keys(tags);
  const repeated = repeats(keys.map((key) => ({ path: [...at, key], same: key.toLowerCase(), owner: key })));
  const chained = chaining ? chaining.into : [];
  const room = roomBytes - Math.ceil(bytesOf(chained) / chainedBytesPerTagByte);
  const taken = bytesOf(Object.entries(tags).flat());
  return [
    ...repeated.map(({ path, before }) => ({
      path,
      message: `${before} is the same tag key to STS.`,
      hint: 'Remove one of them.',
    })),
    ...(keys.length > most
      ? [{ path: at, message: `There are ${keys.length} tags; at most ${most} fit.`, hint: 'Remove some.' }]
      : []),
    ...(taken > room
      ? [
          {
            path: at,
            message: `Keys and values of the tags are ${taken} bytes in all; STS has room for ${room} here.`,
            hint: `Shorten them, or remove some${chained.length > 0 ? ', or name fewer roles under chaining' : ''}.`,
          },
        ]
      : []),
  ];
};
