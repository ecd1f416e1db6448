import { describe, expect, it } from 'vitest';
import { explore } from '../../test/support/explore.ts';
import type { Story } from '../../test/support/story/state.ts';
import { storyOf } from '../../test/support/story/story.ts';

const MOST_STATES = 200_000;

describe('the machines of sessions and recordings, in every order of everything that may happen', () => {
  it.each<[string, number, Story]>([
    [
      'a push, messages that come twice, and a recorder that is lost or only slow',
      10_000,
      { clients: ['a'], resumes: true, steps: 1, again: 1, owner_lost: 1 },
    ],
    [
      'a push whose recording is stopped, handed over and ends at a limit',
      30_000,
      {
        clients: ['a'],
        resumes: true,
        steps: 1,
        user_stop: 1,
        'recorder-drained': 1,
        'max-duration': 1,
        owner_lost: 1,
      },
    ],
    [
      'a stream that comes back before, at and after the end of its resumption timeout, or while it is recorded',
      45_000,
      { clients: ['a', 'b'], resumes: true, steps: 1 },
    ],
    [
      'a stream that comes back and is not resumed, with a recorder for one of two recordings',
      4_000,
      { clients: ['a', 'b'], resumes: false, steps: 0, claims: 1, owner_lost: 1 },
    ],
  ])(
    'come to one end of each recording, with every session recorded once: %s',
    (_, least, story) => {
      const { states, finals, wrong, deadEnds } = explore(storyOf(story), MOST_STATES);
      expect(wrong).toEqual([]);
      expect(deadEnds).toEqual([]);
      expect(finals).toBeGreaterThan(0);
      // So that a model in which hardly anything can happen is noticed.
      expect(states).toBeGreaterThan(least);
    },
    120_000,
  );
});
