/** What the process ends with. */
export const EXIT = {
  ok: 0,
  /** The API refused it, or it failed. */
  failed: 1,
  /** The command line was wrong. */
  usage: 2,
  /** The API could not be reached. */
  unreachable: 3,
  /** `apply --exit-code`: the files and what is configured differ. */
  differences: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something that is told in its own words, without a stack trace. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly exitCode: ExitCode = EXIT.failed;
}

/** What was typed, or what a file says, cannot be meant. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';
  override readonly exitCode = EXIT.usage;
}

/** Nothing answers where the API should be. */
export class UnreachableError extends CliError {
  override readonly name = 'UnreachableError';
  override readonly exitCode = EXIT.unreachable;
}
