import { type Stopper, stopOnSignals } from '../../local/stopper.ts';
import { CASES } from './cases/index.ts';
import type { Order, Played, Report } from './played.ts';
import { withSetting } from './setting.ts';

/** The process that one case is played in, by the order in its first argument. It tells its parent what comes of it. */

const report = (what: Report): void => {
  process.send?.(what);
};

let stopper: Stopper | undefined;
stopOnSignals(() => stopper);
// The bench that started it has died.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const play = async ({ name, seed, keep, sources }: Order): Promise<Played> => {
  const found = CASES.find((each) => each.name === name);
  if (found === undefined) return { type: 'failed', message: `There is no case ${name}` };
  const why = await found.hindrance?.();
  if (why !== undefined) return { type: 'skipped', why };
  try {
    const say = (line: string): void => report({ type: 'said', line });
    const outcome = await withSetting({ seed, keep, sources, say }, (setting) => {
      stopper = setting.stopper;
      return found.run(setting);
    });
    return { type: 'played', outcome };
  } catch (error) {
    return {
      type: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
};

const played = await play(JSON.parse(process.argv[2] ?? '') as Order);
process.send?.(played, () => process.exit(0));
