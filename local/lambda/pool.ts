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
  /** Ends its threads that run something, and with it fails what they run. @returns how many there were */
  crash(): number;
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

// Loading a function takes a core for half a second, and what runs now mostly takes a few milliseconds. Where it takes
// longer because everything does, one more thread would only add to that.
const HANDOVER_MS = 2000;

/** Runs a function in a few threads, one event each at a time as on Lambda; threads are started when they are needed. */
export const createFunction = (setup: FunctionSetup): LocalFunction => {
  const idle: Thread[] = [];
  const waiting: (() => void)[] = [];
  const running = new Set<Promise<InvocationResult>>();
  const busy = new Set<Thread>();
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

  const handovers: ((thread: Thread) => void)[] = [];
  const makeIdle = (thread: Thread): void => {
    const next = handovers.shift();
    if (next === undefined) idle.push(thread);
    else next(thread);
  };

  /** A thread that becomes idle soon, when all that were started are busy. */
  const soonIdle = (): Promise<Thread | undefined> =>
    new Promise((resolve) => {
      const take = (thread: Thread): void => {
        clearTimeout(timer);
        resolve(thread);
      };
      const timer = setTimeout(() => {
        handovers.splice(handovers.indexOf(take), 1);
        resolve(undefined);
      }, HANDOVER_MS);
      handovers.push(take);
    });

  const idleThread = (): Thread | undefined => {
    for (;;) {
      const thread = idle.pop();
      if (thread === undefined || thread.alive) return thread;
    }
  };

  const run = async (event: unknown): Promise<InvocationResult> => {
    const idling = idleThread() ?? (running.size > 0 ? await soonIdle() : undefined);
    const start =
      idling === undefined
        ? await startThread(setup, setup.env, setup.log)
        : ({ type: 'started', thread: idling } as const);
    if (start.type === 'failed') return { type: 'error', error: start.error };
    const deadline = Date.now() + setup.timeoutMs;
    busy.add(start.thread);
    const result = await start.thread.invoke({ requestId: randomUUID(), event, deadline });
    busy.delete(start.thread);
    if (start.thread.alive) makeIdle(start.thread);
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
    makeIdle(start.thread);
  };

  const crash = (): number => {
    for (const thread of busy) void thread.close();
    return busy.size;
  };

  const close = async (): Promise<void> => {
    await Promise.all(running);
    await Promise.all(idle.splice(0).map((thread) => thread.close()));
  };

  return { name: setup.functionName, invoke, warm, crash, close };
};
