import { spawnSync } from 'node:child_process';

/** What `faketime` tells its processes by. */
const VARIABLES = ['LD_PRELOAD', 'FAKETIME', 'FAKETIME_SHARED'];

/** What a process needs that is started with variables of its own, to have the same clocks as this one. */
export const clockEnv = (): Record<string, string> =>
  Object.fromEntries(
    VARIABLES.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/**
 * Has all clocks of this program and of what it starts run slower, by running it anew in Debian's `faketime`. The
 * machine does so many times as much in a second then, as one with so many times as fast cores would. Does not return,
 * unless `times` is 1 or that is done already.
 */
export const slowed = (times: number): void => {
  if (times === 1 || process.env.FAKETIME !== undefined) return;
  const { status, error } = spawnSync(
    'faketime',
    ['-m', '-f', `+0 x${1 / times}`, process.execPath, ...process.argv.slice(1)],
    { stdio: 'inherit' },
  );
  if (error !== undefined) process.stderr.write('It takes faketime: apt-get install faketime\n');
  process.exit(status ?? 1);
};
