import type { components } from './schema.d.ts';

export type FieldError = components['schemas']['FieldError'];

type Document = Partial<components['schemas']['Problem']>;

const isDocument = (body: unknown): body is Document => typeof body === 'object' && body !== null;

const messageOf = (
  status: number,
  { title = 'The request failed.', detail, errors = [] }: Document,
): string => {
  const fields = errors.map(({ field, message }) => `${field === '' ? 'the whole' : field} ${message}`);
  const sentences = [title, detail, fields.join('; ')].filter((part) => part !== undefined && part !== '');
  return `${sentences.join(' ')} (${status})`;
};

/** An answer of the API that is not what was asked for: problem details, RFC 9457. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** The kind of problem, such as `not-found`; `http-…` of an answer that was not the API's own. */
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  /** Every bad field. */
  readonly errors: readonly FieldError[];
  /** The whole document, with the further members that some problems have. */
  readonly document: Readonly<Record<string, unknown>>;

  /** `body`: as it was parsed, or text when it was no JSON. */
  constructor(status: number, body: unknown) {
    const document = isDocument(body) ? body : {};
    super(messageOf(status, document));
    this.status = status;
    this.code = document.type?.split(':').at(-1) ?? `http-${status}`;
    this.title = document.title ?? 'The request failed.';
    this.detail = document.detail;
    this.errors = document.errors ?? [];
    this.document = document;
  }
}
