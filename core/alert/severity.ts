export type Severity = 'low' | 'medium' | 'high' | 'critical';

const severities: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

export const isWorse = (one: Severity, other: Severity): boolean => severities.indexOf(one) > severities.indexOf(other);
