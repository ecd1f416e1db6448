/** One thing that was wrong with a request. */
export interface FieldError {
  /** Where the field was given. */
  readonly in: 'body' | 'query' | 'path';
  /** Dotted, such as `formats.mp4.maxMinutes`; empty for the whole. */
  readonly field: string;
  /** What was given, shortened; absent when nothing was, or when it may be secret. */
  readonly given?: string | number | boolean | null;
  /** What is wrong with it, and what is allowed. */
  readonly message: string;
}

export interface ProblemOptions extends ErrorOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem document. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An answer that is not what was asked for: thrown anywhere in a request, sent as RFC 9457 problem details. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** Last part of the problem's type, such as `not-found`. */
  readonly code: string;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #options: ProblemOptions;

  constructor(status: number, code: string, title: string, options: ProblemOptions = {}) {
    super(options.detail ?? title, options);
    this.status = status;
    this.code = code;
    this.title = title;
    this.headers = options.headers ?? {};
    this.#options = options;
  }

  /** The `application/problem+json` document. */
  document(): Record<string, unknown> {
    const { detail, errors, extra } = this.#options;
    return {
      type: `urn:streamkeep:problem:${this.code}`,
      title: this.title,
      status: this.status,
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors }),
      ...extra,
    };
  }
}
