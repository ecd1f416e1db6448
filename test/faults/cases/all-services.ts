import { type FaultCase, NOTHING_LOST } from '../fault-case.ts';
import { together } from './injecting.ts';
import { DOUBLED } from './queues.ts';
import { ANSWERS_LOST } from './storage.ts';
import { FAILING } from './table.ts';

/** What each of the services may do at any moment, all of it at once: whoever repeats for one meets the next. */
export const ALL_SERVICES: FaultCase = {
  name: 'all-services-at-once',
  seconds: 40,
  recorders: 2,
  promised: NOTHING_LOST,
  inject: together(DOUBLED.inject, FAILING.inject, ANSWERS_LOST.inject),
};
