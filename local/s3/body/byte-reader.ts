import { S3Error } from '../errors.ts';

const MAX_LINE_BYTES = 16 * 1024;

/** Takes lines and counted bytes from a stream of buffers, without copying the bytes. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Up to `limit` bytes: what is there. @throws S3Error IncompleteBody at the end of the stream */
  async take(limit: number): Promise<Buffer> {
    while (this.#buffer.length === 0) await this.#fill();
    const taken = this.#buffer.subarray(0, limit);
    this.#buffer = this.#buffer.subarray(limit);
    return taken;
  }

  /** A line without its CRLF. @throws S3Error IncompleteBody at the end of the stream */
  async line(): Promise<string> {
    let end = this.#buffer.indexOf('\r\n');
    while (end === -1) {
      if (this.#buffer.length > MAX_LINE_BYTES) throw new S3Error('InvalidRequest', 'Malformed chunk');
      await this.#fill();
      end = this.#buffer.indexOf('\r\n');
    }
    const line = this.#buffer.toString('latin1', 0, end);
    this.#buffer = this.#buffer.subarray(end + 2);
    return line;
  }

  /** Whether nothing is left. */
  async ended(): Promise<boolean> {
    if (this.#buffer.length > 0) return false;
    const { done, value } = await this.#source.next();
    if (!done) this.#buffer = value;
    return done === true;
  }

  async #fill(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done) throw new S3Error('IncompleteBody', 'The request body terminated unexpectedly');
    this.#buffer = this.#buffer.length === 0 ? value : Buffer.concat([this.#buffer, value]);
  }
}
