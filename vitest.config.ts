import { defineConfig } from 'vitest/config';

const code = '{infra,functions,recorder,shared,local,scripts,client,cli}/**';
/** Those that replace modules, which others must not see. */
const isolated = `${code}/*.isolated.test.ts`;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${code}/*.test.ts`],
          exclude: ['**/*.integration.test.ts', isolated, '**/node_modules/**'],
          // Loading the same modules for each file anew would take a quarter of the time.
          isolate: false,
          maxWorkers: 3,
          testTimeout: 20_000,
        },
      },
      // Endpoints come from the standard AWS variables; without them each file starts its own emulators.
      {
        test: {
          name: 'integration',
          include: [
            `${code}/*.integration.test.ts`,
            'test/{api,cli,contract,faults,integration}/**/*.test.ts',
          ],
          isolate: false,
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'isolated',
          include: [isolated],
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // Whole local runs with real ffmpeg and ingest servers: one at a time, or they would measure one another.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          fileParallelism: false,
          // One local run for all of them.
          isolate: false,
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      // Drops of a tenth of a second, and times to a fifth: they want the machine for themselves, so `npm test` leaves them out.
      {
        test: {
          name: 'drops',
          include: ['test/drops/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
      // Whole local runs too, which mostly wait for a time-out or the next minute, and can do so together.
      {
        test: {
          name: 'e2e-patient',
          include: ['test/e2e/patient/*.test.ts'],
          // A local run for all files of a process.
          isolate: false,
          maxWorkers: 3,
          testTimeout: 180_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
