import { join } from 'node:path';
import { buildApp } from '../infra/build-app.ts';
import { bundleRecorder } from '../infra/bundle-recorder.ts';
import { IMAGE_FOLDER } from './synth.ts';

/** `node local/synth-app.ts OUTDIR` writes the cloud assembly, and what the recorder's image would hold, to OUTDIR. */
const outdir = process.argv[2];
if (outdir === undefined) throw new Error('Usage: node local/synth-app.ts OUTDIR');
// Ingest servers, callback targets and S3 are on this machine; nothing else internal may be reached.
const loopback = '127.0.0.0/8,::1/128';
const context = {
  sourceAllowedCidrs: loopback,
  callbackAllowedCidrs: loopback,
  storageAllowedCidrs: loopback,
};
buildApp({ outdir, context }).synth();
bundleRecorder(join(outdir, IMAGE_FOLDER));
