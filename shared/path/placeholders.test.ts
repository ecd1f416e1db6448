import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamPartSchema } from '../schemas/names.ts';
import { DEFAULT_PATH, MAX_PATH_BYTES, type PathValues, pathProblem, renderPath } from './placeholders.ts';

const TIME = '{StartYear}{StartMonth}{StartDay}{StartHour}{StartMinute}{StartSecond}';

const values: PathValues = {
  recordSource: 'origin',
  domain: 'push.example.com',
  app: 'live',
  stream: 'show',
  recordId: '01JDA0000000000000000000AA',
  randomId: 'r4nd0m',
  start: new Date('2026-11-22T17:04:05.006Z'),
  timeZone: 'UTC',
};

describe('path templates', () => {
  it.each([
    DEFAULT_PATH,
    TIME,
    '{RandomID}',
    'a b/直播/{RandomID}',
    `${TIME}-{StartMillisecond}`,
    'x/.hidden/{RandomID}',
  ])('accepts %s', (path) => {
    expect(pathProblem(path)).toBeUndefined();
  });

  it.each([
    ['{Stream}/{RandomID}', '{Stream} is unknown; allowed: {RecordSource}, {Domain}, {AppName}, {StreamID}'],
    ['{constructor}/{RandomID}', '{constructor} is unknown'],
    ['{}/{RandomID}', '{} is unknown'],
    ['{RandomID', 'may only enclose a placeholder'],
    ['{RandomID}}', 'may only enclose a placeholder'],
    ['{RandomID}-{EndYear}', "an object's name is fixed when its upload starts"],
    [
      '{StreamID}',
      'add {StartYear}, {StartMonth}, {StartDay}, {StartHour}, {StartMinute}, {StartSecond} or {RandomID}',
    ],
    [TIME.replace('{StartSecond}', ''), 'add {StartSecond} or {RandomID}'],
    ['/{RandomID}', 'must not begin with /'],
    ['{RandomID}/', 'must not end with /'],
    ['a//{RandomID}', 'must not hold //'],
    ['a/../{RandomID}', 'must not hold the segments . or ..'],
    ['./{RandomID}', 'must not hold the segments . or ..'],
    ['.streamkeep/{RandomID}', 'must not begin with a dot'],
    ['a\u0007/{RandomID}', 'must not hold control characters'],
    ['a\\b/{RandomID}', 'must not hold control characters or \\'],
    ['\ud800/{RandomID}', 'must be well-formed Unicode'],
  ])('refuses %j: %s', (path, problem) => {
    expect(pathProblem(path)).toContain(problem);
  });

  it('refuses a path that the longest names could make too long, counted in UTF-8', () => {
    const room = MAX_PATH_BYTES - 32;
    expect(pathProblem(`${'x'.repeat(room)}{RandomID}`)).toBeUndefined();
    expect(pathProblem(`${'x'.repeat(room + 1)}{RandomID}`)).toContain('shorten it by 1 bytes');
    expect(pathProblem(`${'直'.repeat(room / 2)}{RandomID}`)).toContain('at most 960 are allowed');
    expect(pathProblem('{StreamID}{StreamID}{StreamID}{StreamID}{RandomID}')).toContain(
      'leave a placeholder out',
    );
  });
});

describe('rendering a path', () => {
  it('fills every placeholder', () => {
    expect(renderPath(DEFAULT_PATH, values)).toBe(
      'origin/push.example.com/live/show/01JDA0000000000000000000AA/2026-11-22-17-04-05',
    );
    expect(renderPath('{RandomID}.{StartMillisecond}', values)).toBe('r4nd0m.006');
  });

  it.each([
    ['UTC', '20261122170405'],
    ['UTC+8', '20261123010405'],
    ['America/New_York', '20261122120405'],
    ['Asia/Kathmandu', '20261122224905'],
  ])('writes times in %s', (timeZone, time) => {
    expect(renderPath(TIME, { ...values, timeZone })).toBe(time);
  });

  it('writes midnight as hour 00', () => {
    expect(renderPath(TIME, { ...values, start: new Date('2026-01-01T00:00:00Z') })).toBe('20260101000000');
  });

  it('does not read placeholders inside names', () => {
    expect(
      renderPath('{AppName}/{StreamID}/{RandomID}', { ...values, app: '{StreamID}', stream: '$&' }),
    ).toBe('{StreamID}/$&/r4nd0m');
  });

  it('makes digests of long names only when the escapes do not fit', () => {
    const stream = '/'.repeat(100);
    expect(renderPath('{StreamID}/{RandomID}', { ...values, stream })).toContain('%2F%2F');
    expect(renderPath(DEFAULT_PATH, { ...values, app: '%'.repeat(256), stream })).toMatch(
      /^origin\/push\.example\.com\/%~[\w-]{43}\/%~[\w-]{43}\//,
    );
  });

  const part = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 256 }),
      fc
        .array(fc.constantFrom('.', '/', '%', '\\', '..', '\u202e', '直'), { minLength: 1, maxLength: 256 })
        .map((all) => all.join('')),
    )
    .filter((name) => streamPartSchema.safeParse(name).success);
  const paths = fc
    .array(fc.constantFrom('{AppName}', '{StreamID}', '{Domain}', '/', '.', 'x', '{RecordId}'), {
      maxLength: 10,
    })
    .map((pieces) => `${pieces.join('')}${pieces.length % 2 ? '/' : ''}{RandomID}`)
    .filter((path) => pathProblem(path) === undefined);

  it('stays within the bytes of a key, below no folder but its own, for all names', () => {
    fc.assert(
      fc.property(paths, part, part, (path, app, stream) => {
        const domain = `${'d'.repeat(63)}.`.repeat(4).slice(0, 253);
        const rendered = renderPath(path, { ...values, app, stream, domain });
        expect(Buffer.byteLength(rendered)).toBeLessThanOrEqual(MAX_PATH_BYTES);
        expect(rendered).not.toMatch(/^[/.]|\/$|\/\/|(^|\/)\.{1,2}(\/|$)|[\p{Cc}\\]/u);
        expect(rendered.split('/')).toHaveLength(path.split('/').length);
      }),
    );
  });
});
