import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { InvocationResult, WorkerSetup } from './protocol.ts';
import { startThread, type Thread } from './thread.ts';

/** A function as it can be called. */
export interface LocalFunction {
  readonly name: string;
  /** Runs the function with one event; waits for a free thread when all are busy. Never rejects. */
  invoke(event: unknown): Promise<InvocationResult>;
  /** Loads it, so that its first event need not wait. @throws when it cannot be loaded. */
  warm(): Promise<void>;
  /** Ends its threads; waits for what runs now. */
  close(): Promise<void>;
}

export interface FunctionSetup extends WorkerSetup {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Most events at the same time. */
  readonly maxThreads: number;
  readonly log: Writable;
  /** Told of each invocation that failed. */
  readonly onFailure: (functionName: string, result: Exclude<InvocationResult, { type: 'ok' }>) => void;
}

/** Runs a function in a few threads, one event each at a time as on Lambda; threads are started when they are needed. */
export const createFunction = (setup: FunctionSetup): LocalFunction => {
  const idle: Thread[] = [];
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<InvocationResult>>();
  let free = setup.maxThreads;

  const acquire = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };

  const idleThread = (): Thread | undefined => {
    for (;;) {
      const thread = idle.pop();
      if (thread === undefined || thread.alive) return thread;
    }
  };

  const run = async (event: unknown): Promise<InvocationResult> => {
    const idling = idleThread();
    const start =
      idling === undefined
        ? await startThread(setup, setup.env, setup.log)
        : ({ type: 'started', thread: idling } as const);
    if (start.type === 'failed') return { type: 'error', error: start.error };
    const deadline = Date.now() + setup.timeoutMs;
    const result = await start.thread.invoke({ requestId: randomUUID(), event, deadline });
    if (start.thread.alive) idle.push(start.thread);
    return result;
  };

  const invoke = async (event: unknown): Promise<InvocationResult> => {
    await acquire();
    const invocation = run(event);
    running.add(invocation);
    const result = await invocation;
    running.delete(invocation);
    release();
    if (result.type !== 'ok') setup.onFailure(setup.functionName, result);
    return result;
  };

  const warm = async (): Promise<void> => {
    const start = await startThread(setup, setup.env, setup.log);
    if (start.type === 'failed') {
      throw new Error(`Function ${setup.functionName} cannot be loaded: ${start.error.message}`);
    }
    idle.push(start.thread);
  };

  const close = async (): Promise<void> => {
    await Promise.all(running);
    await Promise.all(idle.splice(0).map((thread) => thread.close()));
  };

  return { name: setup.functionName, invoke, warm, close };
};
