import { join } from 'node:path';
import { buildApp } from '../infra/build-app.ts';
import { bundleRecorder } from '../infra/bundle-recorder.ts';
import { RECORDER_BUNDLE } from './synth.ts';

/** `node local/synth-app.ts OUTDIR` writes the cloud assembly, and what the recorder's image would hold, to OUTDIR. */
const outdir = process.argv[2];
if (outdir === undefined) throw new Error('Usage: node local/synth-app.ts OUTDIR');
buildApp({ outdir }).synth();
bundleRecorder(join(outdir, RECORDER_BUNDLE));
