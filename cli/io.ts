/** Where text goes. */
export interface Sink {
  readonly isTerminal: boolean;
  /** Of the terminal; undefined: lines may be of any length. */
  readonly columns: number | undefined;
  readonly colors: boolean;
  write(text: string): void;
}

/** Text that replaces itself on a terminal. */
export interface Live {
  show(text: string): void;
  /** Leaves the last text, or nothing, where it is. */
  end(keep: boolean): void;
}

/** Everything of the world that a command touches. */
export interface Io {
  readonly out: Sink;
  readonly err: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Whether a person can be asked. */
  readonly isInteractive: boolean;
  fetch(request: Request): Promise<Response>;
  now(): Date;
  readStdin(): Promise<string>;
  ask(question: string): Promise<string>;
  live(sink: 'out' | 'err'): Live;
  /** Ctrl-C or SIGTERM. @returns what takes the listener away again */
  onInterrupt(listener: () => void): () => void;
}
