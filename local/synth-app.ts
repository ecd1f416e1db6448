import { buildApp } from '../infra/build-app.ts';

/** `node local/synth-app.ts OUTDIR` writes the cloud assembly to OUTDIR. */
const outdir = process.argv[2];
if (outdir === undefined) throw new Error('Usage: node local/synth-app.ts OUTDIR');
buildApp({ outdir }).synth();
