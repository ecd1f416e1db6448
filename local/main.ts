import { startLocal } from './index.ts';
import { parseOptions, USAGE } from './options.ts';
import { noticeLine } from './progress.ts';
import { createStopper } from './stopper.ts';

/** `npm start`: plays Streamkeep on this machine until Ctrl-C. */

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const parsed = parseOptions(process.argv.slice(2));
if (parsed.type === 'help') {
  print(USAGE);
  process.exit(0);
}
if (parsed.type === 'bad') {
  for (const problem of parsed.problems) complain(problem);
  complain(`\n${USAGE}`);
  process.exit(2);
}

const stopper = createStopper();
let stopping = false;
const onSignal = async (): Promise<void> => {
  if (stopping) {
    stopper.kill();
    process.exit(130);
  }
  stopping = true;
  print('Stopping; once more to stop at once.');
  try {
    await stopper.stop();
    process.exit(0);
  } catch (error) {
    complain(String(error));
    stopper.kill();
    process.exit(1);
  }
};
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);

try {
  const adminToken = process.env.STREAMKEEP_ADMIN_TOKEN || undefined;
  const run = await startLocal({ ...parsed.options, adminToken, onTrouble: complain }, stopper);
  run.notices.on('notice', (notice) => print(noticeLine(notice)));
  print(`API    ${run.apiUrl}/v1`);
  print(`RTMP   ${run.rtmpUrl}/live/NAME`);
  print(`S3     ${run.s3.url}`);
  print(`Data   ${parsed.options.data}`);
  if (run.isNew) print(`Token  ${run.adminToken}   (kept in ${parsed.options.data}/secrets.json)`);
  print('Streamkeep is ready');
} catch (error) {
  // A stop in mid-start takes away what the start still needs; that is no fault.
  if (!stopping) {
    complain(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}
