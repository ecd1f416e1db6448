import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTelemetry } from './telemetry.ts';

const context = { awsRequestId: 'request', functionName: 'test' } as Context;

let written: string[];

beforeEach(() => {
  // The metrics are then written through the global console.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  written = [];
  vi.spyOn(console, 'log').mockImplementation((line: unknown) => {
    written.push(String(line));
  });
  vi.spyOn(console, 'warn').mockImplementation((line: unknown) => {
    written.push(String(line));
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('a wrapped handler', () => {
  it('gives back what its function gives, and writes what was counted', async () => {
    const { telemetry, wrap } = createTelemetry();
    const handler = wrap(async (event: { value: number }) => {
      telemetry.count('StreamsStarted');
      return event.value + 1;
    });
    expect(await handler({ value: 1 }, context)).toBe(2);
    expect(written.map((line) => JSON.parse(line))).toMatchObject([{ StreamsStarted: 1 }]);
    expect(written[0]).toContain('"Namespace":"Streamkeep"');
  });

  it('writes what was counted before it failed', async () => {
    const { telemetry, wrap } = createTelemetry();
    const handler = wrap(async () => {
      telemetry.count('SweepsFailed');
      throw new Error('no');
    });
    await expect(handler({}, context)).rejects.toThrow('no');
    expect(written.map((line) => JSON.parse(line))).toMatchObject([{ SweepsFailed: 1 }]);
  });

  it('writes nothing when nothing was counted', async () => {
    const { wrap } = createTelemetry();
    await wrap(async () => undefined)({}, context);
    expect(written).toEqual([]);
  });
});
