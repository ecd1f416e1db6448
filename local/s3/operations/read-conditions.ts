import type { Headers } from '../request.ts';
import type { StoredObject } from '../store/records.ts';
import { unquoted } from './operation.ts';

export type ReadDecision = 'send' | 'not-modified' | { readonly failed: 'If-Match' | 'If-Unmodified-Since' };

/** What the conditions of a read say (RFC 9110, 13.2.2). `prefix` is for the source of a copy. */
export function readDecision(object: StoredObject, headers: Headers, prefix = ''): ReadDecision {
  const ifMatch = headers[`${prefix}if-match`];
  const ifNoneMatch = headers[`${prefix}if-none-match`];
  // HTTP dates have no fractions of a second.
  const modified = Math.floor(object.modified / 1000) * 1000;
  const since = parseDate(headers[`${prefix}if-modified-since`]);
  const unmodifiedSince = parseDate(headers[`${prefix}if-unmodified-since`]);
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) return { failed: 'If-Match' };
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
    return { failed: 'If-Unmodified-Since' };
  }
  if (ifNoneMatch !== undefined) return matches(ifNoneMatch, object.etag) ? 'not-modified' : 'send';
  return since !== undefined && modified <= since ? 'not-modified' : 'send';
}

const matches = (list: string, etag: string): boolean =>
  list.split(',').some((item) => item.trim() === '*' || unquoted(item.trim().replace(/^W\//, '')) === etag);

function parseDate(value: string | undefined): number | undefined {
  const time = Date.parse(value ?? '');
  return Number.isNaN(time) ? undefined : time;
}
