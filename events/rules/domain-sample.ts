import type { EventName } from '../events.ts';
import type { RuleEvent } from './rule.ts';

/** An event of ours as a rule sees it, for the rules' samples; of its detail no rule reads anything. */
export const domainSample = (name: EventName): RuleEvent => ({ source: 'daypass', 'detail-type': name, detail: {} });
