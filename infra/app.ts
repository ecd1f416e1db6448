import { buildApp } from './build-app.ts';

buildApp({ checks: true }).synth();
