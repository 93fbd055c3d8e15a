/** No session of a role lives longer: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const longestSessionMs = 12 * 3_600_000;
