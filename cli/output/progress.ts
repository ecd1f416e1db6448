import type { Io } from '../io.ts';

/** What is going on, on stderr: on a terminal one text that changes, elsewhere a line for each change that matters. */
export interface Progress {
  /** `line`: told elsewhere too, unless it was the last one. */
  show(text: string, line?: string): void;
  end(): void;
}

export const createProgress = (io: Io): Progress => {
  if (io.err.isTerminal) {
    const live = io.live('err');
    let isShown = false;
    return {
      show: (text) => {
        isShown = true;
        live.show(text);
      },
      end: () => {
        if (isShown) live.end(false);
        isShown = false;
      },
    };
  }
  let last: string | undefined;
  return {
    show: (_, line) => {
      if (line === undefined || line === last) return;
      last = line;
      io.err.write(`${line}\n`);
    },
    end: () => undefined,
  };
};
