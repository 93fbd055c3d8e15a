import fc from 'fast-check';
import { deleteDeny, pressConsoleButton } from '../acts.ts';
import { verb } from './verb.ts';

/** Not the role with little room: there an administrator's statement may leave none for ours, which IAM refuses. */
const roleArn = 'arn:aws:iam::222222222222:role/daypass-jit-orders-admin';

export const pressesButton = verb({
  name: 'console button',
  often: 1,
  args: fc.constant({}),
  run: (world) => pressConsoleButton(world, roleArn),
});

export const deletesDeny = verb({
  name: 'delete the deny',
  often: 1,
  args: fc.constant({}),
  run: (world) => deleteDeny(world, roleArn),
});
