import { AwsError } from '../service.ts';

/** The refusals of the IAM API that several operations share, with the statuses of its reference. */
export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);
export const alreadyExists = (message: string): AwsError => new AwsError('EntityAlreadyExists', message, 409);
export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', message, 409);
export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', message, 409);
export const invalidInput = (message: string): AwsError => new AwsError('InvalidInput', message, 400);
