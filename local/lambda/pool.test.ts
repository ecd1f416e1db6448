import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createFunction, type FunctionSetup } from './pool.ts';

const CODE = `
let calls = 0;
export const handler = async (event, context) => {
  calls += 1;
  if (event.fail) throw new TypeError('no such thing');
  if (event.hang) await new Promise(() => setInterval(() => {}, 1000));
  if (event.exit) process.exit(3);
  if (event.say) console.log(event.say);
  if (event.until) { while (Date.now() < event.until) await new Promise(setImmediate); }
  return { calls, colour: process.env.COLOUR, path: process.env.PATH, name: context.functionName,
    left: context.getRemainingTimeInMillis(), id: context.awsRequestId, nothing: undefined };
};
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'streamkeep-pool-'));
  await writeFile(join(folder, 'index.mjs'), CODE);
  await writeFile(join(folder, 'broken.mjs'), 'throw new Error("cannot start");');
});
afterAll(() => rm(folder, { recursive: true }));

const failures: string[] = [];
const functionWith = (changes: Partial<FunctionSetup> = {}) => {
  const lambda = createFunction({
    entry: join(folder, 'index.mjs'),
    handler: 'handler',
    functionName: 'tiny',
    memoryMb: 128,
    env: { COLOUR: 'blue' },
    timeoutMs: 5000,
    maxThreads: 2,
    log: new PassThrough(),
    onFailure: (name, result) => failures.push(`${name} ${result.type}`),
    ...changes,
  });
  onTestFinished(() => lambda.close());
  return lambda;
};

describe('A function in threads', () => {
  it('fails what runs when it crashes, and runs the next event in a new thread', async () => {
    const lambda = functionWith();
    await lambda.warm();
    expect(lambda.crash(), 'nothing runs').toBe(0);
    const cut = lambda.invoke({ hang: true });
    await vi.waitFor(() => expect(lambda.crash()).toBe(1));
    expect(await cut).toMatchObject({ type: 'error', error: { name: 'Runtime.ExitError' } });
    expect(await lambda.invoke({})).toMatchObject({ type: 'ok', value: { calls: 1 } });
  });

  it('gets the event, the context and only the environment it was given', async () => {
    const result = await functionWith().invoke({});
    expect(result).toEqual({
      type: 'ok',
      value: {
        calls: 1,
        colour: 'blue',
        name: 'tiny',
        left: expect.any(Number),
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
  });

  it('keeps its thread for the next event', async () => {
    const lambda = functionWith();
    await lambda.invoke({});
    expect(await lambda.invoke({})).toMatchObject({ value: { calls: 2 } });
  });

  it('returns what it threw, and lives on', async () => {
    const lambda = functionWith();
    expect(await lambda.invoke({ fail: true })).toMatchObject({
      type: 'error',
      error: { name: 'TypeError', message: 'no such thing' },
    });
    expect(await lambda.invoke({})).toMatchObject({ type: 'ok', value: { calls: 2 } });
    expect(failures).toContain('tiny error');
  });

  it('is ended at its timeout and starts afresh', async () => {
    const lambda = functionWith({ timeoutMs: 300 });
    expect(await lambda.invoke({ hang: true })).toEqual({ type: 'timeout' });
    expect(await lambda.invoke({})).toMatchObject({ type: 'ok', value: { calls: 1 } });
  });

  it('starts afresh after its thread has ended', async () => {
    const lambda = functionWith();
    expect(await lambda.invoke({ exit: true })).toMatchObject({
      type: 'error',
      error: { name: 'Runtime.ExitError' },
    });
    expect(await lambda.invoke({})).toMatchObject({ type: 'ok', value: { calls: 1 } });
  });

  it('runs no more events at once than it has threads', async () => {
    const lambda = functionWith({ maxThreads: 2 });
    // Longer than an event waits for a busy thread before another is started.
    const until = Date.now() + 2500;
    const results = await Promise.all([1, 2, 3, 4].map(() => lambda.invoke({ until })));
    const calls = results.map((result) =>
      result.type === 'ok' ? (result.value as { calls: number }).calls : 0,
    );
    expect(calls.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(7);
    expect(calls.filter((count) => count === 1)).toHaveLength(2);
  });

  it('waits for a thread that is busy for a moment rather than starting a cold one', async () => {
    const lambda = functionWith({ maxThreads: 2 });
    await lambda.warm();
    const until = Date.now() + 50;
    const results = await Promise.all([1, 2, 3].map(() => lambda.invoke({ until })));
    const calls = results.map((result) =>
      result.type === 'ok' ? (result.value as { calls: number }).calls : 0,
    );
    expect(calls.sort()).toEqual([1, 2, 3]);
  });

  it('writes what it prints to its log', async () => {
    const log = new PassThrough({ encoding: 'utf8' });
    const printed = new Promise((resolve) => log.once('data', resolve));
    await functionWith({ log }).invoke({ say: 'hello' });
    expect(await printed).toBe('hello\n');
  });

  it('says so when it cannot be loaded', async () => {
    const lambda = functionWith({ entry: join(folder, 'broken.mjs') });
    await expect(lambda.warm()).rejects.toThrow('Function tiny cannot be loaded: cannot start');
    expect(await lambda.invoke({})).toMatchObject({ type: 'error', error: { message: 'cannot start' } });
  });
});
