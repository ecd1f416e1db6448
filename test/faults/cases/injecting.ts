import { setTimeout as delay } from 'node:timers/promises';
import type { FaultCase, World } from '../fault-case.ts';
import { busyRecorder, signal } from '../processes.ts';
import type { Injection } from '../proxy.ts';

/** What cases inject faults with. */

export type Inject = FaultCase['inject'];
export type Span = readonly [from: number, to: number];

/** Injects from one second of the stream to another. @returns how often it struck */
export const during = async (
  world: World,
  [from, to]: Span,
  inject: (world: World) => Injection,
): Promise<number> => {
  await world.at(from);
  const injection = inject(world);
  await world.at(to);
  injection.stop();
  return injection.count();
};

export const lasting =
  (span: Span, inject: (world: World) => Injection): Inject =>
  (world) =>
    during(world, span, inject);

/** All of them at once. @returns how often they struck together */
export const together =
  (...injects: readonly Inject[]): Inject =>
  async (world) => {
    const counts = await Promise.all(injects.map((inject) => inject(world)));
    return counts.reduce((sum, count) => sum + count, 0);
  };

/** Strikes once, at a random moment of the span. @returns how many were struck */
export const strike =
  ([from, to]: Span, hit: (world: World) => Promise<number>): Inject =>
  async (world) => {
    await world.at(world.random.between(from, to));
    return hit(world);
  };

/** The recorder that is at work. */
export const signalRecorder =
  (name: NodeJS.Signals) =>
  async ({ run }: World): Promise<number> => {
    const busy = await busyRecorder(run);
    busy?.recorder.kill(name);
    return busy === undefined ? 0 : 1;
  };

/** The ffmpegs of the recorder that is at work. */
export const signalFfmpegs =
  (name: NodeJS.Signals) =>
  async ({ run }: World): Promise<number> => {
    const busy = await busyRecorder(run);
    return (busy?.ffmpegs ?? []).filter((pid) => signal(pid, name)).length;
  };

/** Stops the recorder that is at work, and lets it go on. */
export const freezeRecorder =
  (span: Span, seconds: number): Inject =>
  async ({ run, random, at }) => {
    const from = random.between(...span);
    await at(from);
    const busy = await busyRecorder(run);
    if (busy === undefined) return 0;
    signal(busy.pid, 'SIGSTOP');
    await delay(seconds * 1000);
    signal(busy.pid, 'SIGCONT');
    return 1;
  };

/** Stops the publisher, and lets it go on. */
export const freezePublisher =
  (from: number, seconds: number): Inject =>
  async ({ push, at }) => {
    await at(from);
    push.signal('SIGSTOP');
    await at(from + seconds);
    push.signal('SIGCONT');
    return 1;
  };
