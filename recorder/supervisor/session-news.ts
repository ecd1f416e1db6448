import { EventEmitter } from 'node:events';

/**
 * What a recorder is told of the session of one recording. `heard`: something has become of it, so it is worth a look, for
 * whoever waits, and nobody else listens; `ended`: it is over.
 */
export type SessionNews = EventEmitter<{ heard: []; ended: [] }>;

export const createSessionNews = (): SessionNews => new EventEmitter();
