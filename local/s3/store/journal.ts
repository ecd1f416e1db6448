import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { type JournalRecord, journalRecord } from './records.ts';

/** Lines beyond twice the state before the journal is rewritten. */
const SLACK_LINES = 10_000;
const REWRITE_BATCH_BYTES = 1024 * 1024;

/**
 * Reads a journal, line by line. A torn last line is what `kill -9` may leave of a change that nobody was told had
 * happened: it is passed over.
 * @throws Error that names the line, if another one is damaged
 */
export async function replayJournal(path: string, apply: (record: JournalRecord) => void): Promise<void> {
  let lines = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: REWRITE_BATCH_BYTES })) {
    const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10, start)) {
      lines += 1;
      try {
        apply(journalRecord.parse(JSON.parse(data.toString('utf8', start, end))));
      } catch (cause) {
        throw new Error(`${path} is damaged in line ${lines}`, { cause });
      }
      start = end + 1;
    }
    rest = data.subarray(start);
  }
}

/** The file of all changes. Changes that come while a write is under way go together in the next one. */
export class Journal {
  readonly #path: string;
  readonly #snapshot: () => Iterable<JournalRecord>;
  #file: FileHandle;
  #lines: number;
  #limit: number;
  #batch: string[] = [];
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  private constructor(
    path: string,
    snapshot: () => Iterable<JournalRecord>,
    file: FileHandle,
    lines: number,
  ) {
    this.#path = path;
    this.#snapshot = snapshot;
    this.#file = file;
    this.#lines = lines;
    this.#limit = 2 * lines + SLACK_LINES;
  }

  /** Starts with a fresh file that holds the snapshot alone. `snapshot` gives the records of the current state. */
  static async open(path: string, snapshot: () => Iterable<JournalRecord>): Promise<Journal> {
    const { file, lines } = await rewrite(path, snapshot);
    return new Journal(path, snapshot, file, lines);
  }

  /** Resolves when the record is in the file. */
  append(record: JournalRecord): Promise<void> {
    this.#batch.push(`${JSON.stringify(record)}\n`);
    this.#next ??= this.#last.then(() => this.#write());
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#next;
    await this.#last;
    await this.#file.close();
  }

  #write(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#next = undefined;
    this.#lines += batch.length;
    const written = this.#lines > this.#limit ? this.#compact() : this.#file.appendFile(batch.join(''));
    // After a failed write the file may end in a torn line: the next write must begin a new file.
    this.#last = written.catch(() => {
      this.#limit = 0;
    });
    return written;
  }

  // The state already has the changes of the batch, so that the snapshot stands for them too.
  async #compact(): Promise<void> {
    const { file, lines } = await rewrite(this.#path, this.#snapshot);
    await this.#file.close();
    this.#file = file;
    this.#lines = lines;
    this.#limit = 2 * lines + SLACK_LINES;
  }
}

async function rewrite(path: string, snapshot: () => Iterable<JournalRecord>) {
  const lines = Array.from(snapshot(), (record) => `${JSON.stringify(record)}\n`);
  const file = await open(`${path}.new`, 'w');
  let batch = '';
  for (const line of lines) {
    batch += line;
    if (batch.length < REWRITE_BATCH_BYTES) continue;
    await file.appendFile(batch);
    batch = '';
  }
  await file.appendFile(batch);
  await rename(`${path}.new`, path);
  return { file, lines: lines.length };
}
