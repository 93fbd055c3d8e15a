import { grantTag } from '#core/grant/session-tags.ts';
import { asOnboardedTag } from '#core/role-shape.ts';
import { maxSessionDurationSec } from '#deploy/onboarding/managed-role.ts';
import { tags as onboardingTags } from '#deploy/onboarding/names.ts';
import type { RoleFacts } from '../facts/roles.ts';
import { failure, ok, type Verdict, warning } from '../report.ts';
import { onboardAgain } from './role-trust.ts';

/** How long its sessions may last. */
export const judgeDuration = ({ name, maxSessionSec }: RoleFacts): Verdict =>
  maxSessionSec === maxSessionDurationSec
    ? ok(`Sessions last at most ${maxSessionSec / 3600} h.`)
    : failure(
        `Sessions may last ${maxSessionSec / 3600} h, where ${maxSessionDurationSec / 3600} h is onboarded.`,
        `aws iam update-role --role-name ${name} --max-session-duration ${maxSessionDurationSec}`,
      );

const wanted: Readonly<Record<string, string>> = onboardingTags;

/** A role's own tags are on all its sessions: with a grant's tag among them, no session would be without a grant. */
export const judgeTags = ({ name, tags }: RoleFacts, accountName: string): Verdict => {
  const own = Object.keys(tags).filter(
    (key) => key.toLowerCase().startsWith('daypass:') && !(key in wanted) && key !== asOnboardedTag,
  );
  if (own.length > 0) {
    return failure(
      `The role itself has the tag ${own.join(', ')}${own.includes(grantTag) ? ', so every session of it looks granted' : ''}.`,
      `aws iam untag-role --role-name ${name} --tag-keys ${own.join(' ')}`,
    );
  }
  const missing = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
  if (missing.length === 0) return ok('It has the tags of onboarding.');
  return warning(
    `It has not the tag ${missing.map(([key, value]) => `${key}=${value}`).join(', ')}.`,
    onboardAgain(accountName),
  );
};
