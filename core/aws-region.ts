/** How a region is called, in whatever partition. */
export const regionPattern = /^[a-z]{2,4}(?:-[a-z]+)+-\d$/;

/** China, the US government and the isolated ones, whose ARNs begin otherwise: `arn:aws-cn:`. */
const otherPartition = /^(?:cn-|us-gov-|[a-z]{2}-iso[a-z]?-|eusc-)/;

/** What Daypass writes is of the partition `aws`, and so a region elsewhere would name nothing that is there. */
export const isOfOtherPartition = (region: string): boolean => otherPartition.test(region);

/** What is wrong with a region, as a sentence; undefined if it may be used. */
export const regionProblem = (region: string): string | undefined => {
  if (!regionPattern.test(region)) return `${region.slice(0, 60)} is no AWS region; one is written like eu-west-1.`;
  if (!isOfOtherPartition(region)) return undefined;
  return `${region} is not of the partition aws, and Daypass works in no other: not in China, GovCloud or the isolated regions.`;
};
