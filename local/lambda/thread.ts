import type { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionError, Invocation, InvocationResult, WorkerMessage, WorkerSetup } from './protocol.ts';

/** One execution environment of a function. */
export interface Thread {
  /** Runs the handler once; a timeout or a crash ends the thread. Not while another invocation runs. */
  invoke(invocation: Invocation): Promise<InvocationResult>;
  /** False once it has ended. */
  readonly alive: boolean;
  close(): Promise<void>;
}

export type ThreadStart = { type: 'started'; thread: Thread } | { type: 'failed'; error: FunctionError };

const nextMessage = (worker: Worker): Promise<WorkerMessage> =>
  new Promise((resolve) => {
    const settle = (message: WorkerMessage): void => {
      worker.off('message', settle);
      worker.off('error', onError);
      worker.off('exit', onExit);
      resolve(message);
    };
    const fail = (error: FunctionError): void => settle({ type: 'failed', error });
    const onError = (error: Error): void => fail({ name: error.name, message: error.message });
    const onExit = (code: number): void =>
      fail({ name: 'Runtime.ExitError', message: `The function's thread ended with code ${code}` });
    worker.on('message', settle).on('error', onError).on('exit', onExit);
  });

/** Starts a thread and loads the function in it. What it prints goes to `log`. */
export const startThread = async (
  { entry, handler, functionName, memoryMb }: WorkerSetup,
  env: Readonly<Record<string, string>>,
  log: Writable,
): Promise<ThreadStart> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { entry, handler, functionName, memoryMb } satisfies WorkerSetup,
    env: { ...env },
    stdout: true,
    stderr: true,
  });
  worker.stdout.pipe(log, { end: false });
  worker.stderr.pipe(log, { end: false });
  let alive = true;
  worker.once('exit', () => {
    alive = false;
  });
  // A fault between invocations ends the thread; the pool starts another one for the next event.
  worker.on('error', (error) => log.write(`${error.stack ?? error.message}\n`));

  const first = await nextMessage(worker);
  if (first.type === 'failed') {
    await worker.terminate();
    return { type: 'failed', error: first.error };
  }

  const close = async (): Promise<void> => {
    alive = false;
    await worker.terminate();
  };

  const invoke = async (invocation: Invocation): Promise<InvocationResult> => {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<{ type: 'timeout' }>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, invocation.deadline - Date.now()), { type: 'timeout' });
    });
    const answer = nextMessage(worker);
    worker.postMessage(invocation);
    const outcome = await Promise.race([answer, timeout]);
    clearTimeout(timer);
    if (outcome.type === 'timeout') {
      await close();
      return outcome;
    }
    if (outcome.type === 'failed') return { type: 'error', error: outcome.error };
    return { type: 'ok', value: outcome.type === 'result' ? outcome.value : null };
  };

  const thread: Thread = {
    invoke,
    get alive() {
      return alive;
    },
    close,
  };
  return { type: 'started', thread };
};
