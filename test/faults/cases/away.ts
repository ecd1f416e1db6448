import { setTimeout as delay } from 'node:timers/promises';
import { type FaultCase, frames, NOTHING_LOST, type Promised, type World } from '../fault-case.ts';
import { allOf, injectAll, type Place, type Places } from '../places.ts';
import type { S3Fault, Struck } from '../s3-proxy.ts';
import { until } from '../until.ts';
import { during, type Inject, lasting, type Span, signalRecorder, strike, together } from './injecting.ts';
import { DRAINED, TAKEN_OVER } from './processes.ts';

/** Faults of single places: media go elsewhere meanwhile, and come home. */

const EARLIEST_SECONDS = 5;
const LATEST_SECONDS = 12;
/** A fault may begin a file in another place, and one more when that is over. */
export const STORED_ELSEWHERE: Promised = { ...NOTHING_LOST, extraFiles: 2 };

type Which = (places: Places) => readonly Place[];
const primary: Which = (places) => [places.primary];
const everything: Which = allOf;
const butSpool: Which = (places) => allOf(places).filter(({ location }) => location !== 'spool');

const striking = (which: Which, span: Span, fault: S3Fault, struck?: Struck): Inject =>
  lasting(span, ({ places }) => injectAll(which(places), fault, struck));

/** `spool`: there is nothing else below the primary storage. */
type Below = 'backup' | 'spool';
const BELOW: readonly Below[] = ['backup', 'spool'];

const away = (which: Which, what: string, fault: S3Fault, seconds: number, below: Below): FaultCase => ({
  name: `${what}-${fault}-${seconds}s-${below}`,
  seconds: seconds + LATEST_SECONDS + 14,
  backup: below === 'backup',
  promised: STORED_ELSEWHERE,
  inject: (world) => {
    const from = world.random.between(EARLIEST_SECONDS, LATEST_SECONDS);
    return striking(which, [from, from + seconds], fault)(world);
  },
});

const PRIMARY_FAULTS = ['refuse', 'hang', 'slow-down', 'access-denied', 'crawl'] as const;

const primaryAway = BELOW.flatMap((below) =>
  [100, 150].flatMap((seconds) =>
    PRIMARY_FAULTS.map((fault) => away(primary, 'primary', fault, seconds, below)),
  ),
);

const deniedFor = (seconds: number, below: Below): FaultCase => ({
  name: `primary-denied-at-first-${seconds}s-${below}`,
  seconds: 45,
  backup: below === 'backup',
  promised: STORED_ELSEWHERE,
  inject: striking(primary, [0, seconds], 'access-denied'),
});

const deniedThroughout = (below: Below): FaultCase => ({
  name: `primary-denied-until-after-the-end-${below}`,
  seconds: 30,
  backup: below === 'backup',
  promised: STORED_ELSEWHERE,
  inject: async ({ places, recordingEnds }) => {
    const injection = places.primary.inject('access-denied');
    await recordingEnds();
    injection.stop();
    return injection.count();
  },
});

const awayAtTheEnd = (below: Below): FaultCase => ({
  name: `primary-away-at-the-end-${below}`,
  seconds: 30,
  backup: below === 'backup',
  promised: STORED_ELSEWHERE,
  inject: striking(primary, [28, 58], 'refuse'),
});

const FLAPS = 6;
const flapping = (below: Below): FaultCase => ({
  name: `primary-flapping-${below}`,
  seconds: 80,
  backup: below === 'backup',
  promised: { ...NOTHING_LOST, extraFiles: FLAPS },
  // Three seconds there, seven seconds away.
  inject: together(
    ...Array.from({ length: FLAPS }, (_, time) =>
      striking(primary, [8 + 10 * time, 15 + 10 * time], 'refuse'),
    ),
  ),
});

const backupFailsToo: FaultCase = {
  name: 'backup-fails-in-the-failover',
  seconds: 70,
  backup: true,
  promised: STORED_ELSEWHERE,
  inject: together(
    striking(primary, [8, 55], 'refuse'),
    // When the failover is under way, and once more when it is done.
    lasting([14, 22], ({ places }) => injectAll(butPrimary(places), 'slow-down')),
    lasting([32, 50], ({ places }) => injectAll(butPrimary(places), 'hang')),
  ),
};

const butPrimary: Which = (places) => butSpool(places).filter((place) => place !== places.primary);

const FAILED_OVER: Span = [6, 50];
const whileAway = (name: string, signal: NodeJS.Signals, promised: Promised, below: Below): FaultCase => ({
  name: `primary-away-recorder-${name}-${below}`,
  seconds: 70,
  backup: below === 'backup',
  recorders: 2,
  promised: { ...promised, extraFiles: 4 },
  inject: together(striking(primary, FAILED_OVER, 'refuse'), strike([22, 34], signalRecorder(signal))),
});

/** Media that wait elsewhere until the stream has ended, and come home then. */
const AWAY_UNTIL_THE_END: Span = [6, 45];
const RETURN_SECONDS = 60;

const broughtHome = (
  name: string,
  onTheWay: (world: World) => Promise<number>,
  below: Below = 'spool',
  promised: Promised = STORED_ELSEWHERE,
): FaultCase => ({
  name: `coming-home-${name}`,
  seconds: 40,
  backup: below === 'backup',
  promised,
  inject: async (world) => {
    const struck = await striking(primary, AWAY_UNTIL_THE_END, 'refuse')(world);
    return struck === 0 ? 0 : onTheWay(world);
  },
});

const [, RETURNS] = AWAY_UNTIL_THE_END;
const homeStruck = (fault: S3Fault): FaultCase =>
  broughtHome(`${fault}-30%`, (world) =>
    during(world, [RETURNS, RETURNS + RETURN_SECONDS], ({ places }) =>
      injectAll(everything(places), fault, { probability: 0.3 }),
    ),
  );

/** A file that a run was at is left alone for as long as any run may take. */
const AFTER_A_CRASH: Promised = { ...STORED_ELSEWHERE, homeWithinSeconds: 1200 };
const CRASHES = 3;
const CRASH_PATIENCE_MS = 150_000;
const crashing = async ({ run }: World): Promise<number> => {
  let crashes = 0;
  while (crashes < CRASHES) {
    crashes += await until(
      'upload-retry runs',
      CRASH_PATIENCE_MS,
      () => run.crash('UploadRetry') || undefined,
    );
    // Somewhere else in its work the next time.
    await delay(500 * crashes);
  }
  return crashes;
};

const diskFull: FaultCase = {
  name: 'disk-full',
  seconds: 90,
  backup: true,
  diskMegabytes: 24,
  env: { OVERFLOW_BYTES: String(1e9), OVERFLOW_MEMORY_BYTES: String(4e6) },
  // What the disk takes at 12 Mb/s, and nothing of it may be missing.
  promised: { ...STORED_ELSEWHERE, cutShortAfter: 20, cause: 'storage' },
  inject: async (world) => {
    await world.at(8);
    const injection = injectAll(everything(world.places), 'refuse');
    await Promise.all([world.streamEnds, world.recordingEnds()]);
    injection.stop();
    return injection.count();
  },
};

export const AWAY_CASES: readonly FaultCase[] = [
  ...primaryAway,
  away(butSpool, 'primary-and-backup', 'refuse', 60, 'backup'),
  away(butSpool, 'primary-and-backup', 'slow-down', 100, 'backup'),
  ...[60, 100].flatMap((seconds) => [
    away(everything, 'everything', 'refuse', seconds, 'backup'),
    away(everything, 'everything', 'hang', seconds, 'backup'),
  ]),
  ...BELOW.flatMap((below) => [
    deniedFor(30, below),
    deniedThroughout(below),
    awayAtTheEnd(below),
    flapping(below),
    whileAway('killed', 'SIGKILL', TAKEN_OVER, below),
    whileAway('terminated', 'SIGTERM', { ...DRAINED, doubledFrames: frames(10) }, below),
  ]),
  backupFailsToo,
  ...(['reset', 'corrupt', 'slow-down'] as const).map(homeStruck),
  broughtHome('function-killed', crashing, 'spool', AFTER_A_CRASH),
  broughtHome('function-killed-backup', crashing, 'backup', AFTER_A_CRASH),
  diskFull,
];
