import type { Bug } from './bug.ts';
import {
  coversNothing,
  denyByEntitlement,
  endsAlone,
  endsWhatWasTold,
  firstStepOnly,
  lateIsNothing,
  namesFirstOnly,
} from './chain.ts';
import { deniesAll, dropsForeign, lowersTimestamp, lowWatermark, noMargin, revokeByRole, wrongTagKey } from './deny.ts';
import { extendsFromNow, extendsOver, extendsUnasked } from './extension.ts';
import { endsFirst, lostRetry, ownVote, secondWindow, writeAfterStart } from './lifecycle.ts';
import { countsLate, limitsEnds } from './limits.ts';
import { blindAsk, blindMint, endsWithoutDeny, leavesDenied, tooWide } from './lockdown.ts';
import {
  catchesNothing,
  closesWhenDue,
  endsWhatWasExtended,
  forgetsThatItWasDue,
  keepsTheOthers,
  looksOnce,
  pagesNobody,
  triesOnce,
  waitsForEver,
} from './machines.ts';
import { noIntent, noOwnEnd, noSecondRead } from './minting.ts';
import { activatesOnLocked, mintsOnLocked, takesVotesBack } from './voters.ts';
import { forgetsConsole, forgetsEarly, noLease, noReadBack, swallows } from './writing.ts';

/** Every one of them has to be found. `README.md` lists them. */
export const bugs: readonly Bug[] = [
  writeAfterStart,
  noIntent,
  noSecondRead,
  noOwnEnd,
  revokeByRole,
  wrongTagKey,
  noMargin,
  lowWatermark,
  deniesAll,
  lowersTimestamp,
  dropsForeign,
  noLease,
  noReadBack,
  forgetsEarly,
  swallows,
  lostRetry,
  endsFirst,
  secondWindow,
  ownVote,
  extendsOver,
  extendsUnasked,
  extendsFromNow,
  blindMint,
  blindAsk,
  tooWide,
  endsWithoutDeny,
  leavesDenied,
  activatesOnLocked,
  mintsOnLocked,
  takesVotesBack,
  forgetsConsole,
  countsLate,
  limitsEnds,
  lateIsNothing,
  firstStepOnly,
  denyByEntitlement,
  coversNothing,
  endsAlone,
  endsWhatWasTold,
  namesFirstOnly,
  catchesNothing,
  closesWhenDue,
  waitsForEver,
  forgetsThatItWasDue,
  endsWhatWasExtended,
  pagesNobody,
  triesOnce,
  looksOnce,
  keepsTheOthers,
];
