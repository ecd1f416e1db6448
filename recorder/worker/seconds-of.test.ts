import { expect, it } from 'vitest';
import { secondsOf } from './seconds-of.ts';
import { stepOf } from './worker.fixture.ts';

it('What is made of several files is as long as they are together, and a clip as long as there is something of it', () => {
  expect(secondsOf(stepOf({ kind: 'concat' }), [{ seconds: 5 }, { seconds: 7.5 }])).toBe(12.5);
  const clip = stepOf({ kind: 'clip', fromSeconds: 2, toSeconds: 10 });
  expect(secondsOf(clip, [{ seconds: 60 }])).toBe(8);
  expect(secondsOf(clip, [{ seconds: 7 }])).toBe(5);
});
