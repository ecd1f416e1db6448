import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startLocal } from '../index.ts';
import { noticeLine } from '../progress.ts';
import { createStopper, stopOnSignals } from '../stopper.ts';
import { demonstrate } from './demo.ts';

/** `npm run demo`: records a generated stream on this machine and checks what came of it. */

const USAGE = 'Usage: npm run demo -- [--seconds N] [--data DIR]';

const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const readOptions = () => {
  try {
    const { values } = parseArgs({
      options: { seconds: { type: 'string', default: '30' }, data: { type: 'string' } },
    });
    const seconds = Number(values.seconds);
    if (!/^\d+$/.test(values.seconds) || seconds < 1 || seconds > 3600) {
      throw new Error(`--seconds must be a whole number from 1 to 3600, not '${values.seconds}'`);
    }
    return { seconds, data: values.data };
  } catch (error) {
    complain(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    process.exit(2);
  }
};

const { seconds, data } = readOptions();
const stopper = createStopper();
const folder = await mkdtemp(join(tmpdir(), 'streamkeep-demo-'));
stopper.add(() => rm(folder, { recursive: true, force: true }));
stopOnSignals(() => stopper);

const demo = async (): Promise<readonly string[]> => {
  const run = await startLocal(
    {
      data: data === undefined ? join(folder, 'data') : resolve(data),
      host: '127.0.0.1',
      port: 0,
      rtmpPort: 0,
      s3Port: 0,
      adminToken: process.env.STREAMKEEP_ADMIN_TOKEN || undefined,
      onTrouble: complain,
    },
    stopper,
  );
  run.notices.on('notice', (notice) => print(noticeLine(notice)));
  print(`Streamkeep is ready; pushing ${seconds} s to ${run.rtmpUrl}/live/demo`);
  const { report, faults } = await demonstrate(run, { seconds, folder });
  print(`\n${report}\n`);
  return faults;
};

let faults: readonly string[];
try {
  faults = await demo();
} catch (error) {
  faults = [error instanceof Error ? error.message : String(error)];
}
await stopper.stop().catch((error: unknown) => {
  stopper.kill();
  faults = [...faults, String(error)];
});
if (faults.length > 0) {
  complain(`The demo failed:\n${faults.map((fault) => `- ${fault}`).join('\n')}`);
  process.exit(1);
}
print('Every recording is there, whole and sound.');
process.exit(0);
