import { CliError, UsageError } from './exit.ts';
import type { Io } from './io.ts';

/**
 * Asks before something is done that cannot be undone; `yes`: it was agreed to already.
 * @throws UsageError when nobody can be asked; CliError when the answer is no
 */
export const confirm = async (io: Io, question: string, yes: boolean | undefined): Promise<void> => {
  if (yes === true) return;
  if (!io.isInteractive) throw new UsageError(`${question} Nobody can be asked here: say --yes.`);
  if (!/^y(es)?$/i.test((await io.ask(`${question} [y/N] `)).trim())) {
    throw new CliError('Nothing was done.');
  }
};
