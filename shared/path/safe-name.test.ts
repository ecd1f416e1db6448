import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originalName, safeName, shortName } from './safe-name.ts';

/** Well-formed text with more than its share of what is dangerous in keys. */
const names = fc
  .array(
    fc.oneof(
      fc.constantFrom('/', '.', '..', '%', '%2F', '\\', '\u0000', '\u007f', '\u202e', '\uffff', '~', ' '),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .filter((name) => name !== '');

describe('safe names', () => {
  it('keeps ordinary names readable', () => {
    for (const name of ['show', 'cam-1_a.b~c', '直播间', 'a b', 'crème', '🎥', 'a..b']) {
      expect(safeName(name)).toBe(name);
    }
  });

  it.each([
    ['a/b', 'a%2Fb'],
    ['..', '%2E.'],
    ['.', '%2E'],
    ['.streamkeep', '%2Estreamkeep'],
    ['../../etc', '%2E.%2F..%2Fetc'],
    ['100%', '100%25'],
    ['a%2Fb', 'a%252Fb'],
    ['a\\b', 'a%5Cb'],
    ['line\u2028break', 'line%E2%80%A8break'],
  ])('escapes %j as %j and back', (name, safe) => {
    expect(safeName(name)).toBe(safe);
    expect(originalName(safe)).toBe(name);
  });

  it('gives every name back', () => {
    fc.assert(fc.property(names, (name) => originalName(safeName(name)) === name));
  });

  it('never makes the same of two names, digests included', () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        fc.pre(one !== other);
        expect(safeName(one)).not.toBe(safeName(other));
        expect(shortName(one)).not.toBe(shortName(other));
        expect(shortName(one)).not.toBe(safeName(other));
      }),
    );
  });

  it('never makes a folder, a dot segment or a control character', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(safeName(name)).not.toMatch(/^\.|[/\\\p{Cc}]/u);
        expect(safeName(name)).not.toBe('');
      }),
    );
  });

  it('gives back only what it made itself', () => {
    for (const other of ['a/b', '%', '%zz', '%2f', '%41', '..', '%FF'])
      expect(originalName(other)).toBeUndefined();
  });

  it('makes a digest of a name only when its escape is longer than 256 bytes', () => {
    expect(shortName('x'.repeat(256))).toBe('x'.repeat(256));
    expect(shortName('/'.repeat(85))).toBe('%2F'.repeat(85));
    expect(shortName('/'.repeat(86))).toMatch(/^%~[\w-]{43}$/);
    expect(originalName(shortName('/'.repeat(86)))).toBeUndefined();
  });
});
