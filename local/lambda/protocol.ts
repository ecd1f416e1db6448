/** What a function's thread is started with. */
export interface WorkerSetup {
  /** Absolute path of the bundled module. */
  readonly entry: string;
  /** Name of the exported handler. */
  readonly handler: string;
  readonly functionName: string;
  readonly memoryMb: number;
}

/** To the thread: run the handler once. One at a time. */
export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  /** Milliseconds since 1970. */
  readonly deadline: number;
}

export interface FunctionError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** From the thread: first `loaded` or `failed`, then one `result` or `failed` for each invocation. */
export type WorkerMessage =
  | { readonly type: 'loaded' }
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'failed'; readonly error: FunctionError };

/** How an invocation ended. */
export type InvocationResult =
  | { readonly type: 'ok'; readonly value: unknown }
  | { readonly type: 'error'; readonly error: FunctionError }
  | { readonly type: 'timeout' };
