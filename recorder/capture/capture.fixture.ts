import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import type { Media, Reason } from '../../shared/schemas/recording.ts';
import type { Formats } from '../../shared/schemas/template.ts';
import type { Encoding } from '../../shared/schemas/transcode.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import { createNamer } from '../files/namer.ts';
import { IN_MEMORY, ladderOf, ledgerOf, planOf, recordingOf } from '../recorder.fixture.ts';
import type { Sink } from '../sink/sink.ts';
import type { Splicing } from '../splice/splicing.ts';
import type { KeyFrames } from '../thumbnails/key-frames.ts';
import { type CaptureGauge, runCapture } from './capture.ts';
import { type Carried, carriesNothing, closeAllLeft } from './carried.ts';
import type { LoadImages, Making } from './making.ts';
import type { SessionState } from './supervise.ts';

export const FORMATS: Formats = {
  hls: { segmentSeconds: 2, resumptionTimeout: 0 },
  mp4: { maxMinutes: 30 },
  flv: { maxMinutes: 30 },
  aac: { maxMinutes: 30, when: 'always' },
};

/** A server on this machine for as long as its test runs. @returns its port */
export const serve = async (listener: RequestListener): Promise<number> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** Captures an FLV that a server on this machine sends, into memory. */
export const startCapture = (
  sink: Sink,
  port: number,
  {
    formats = FORMATS,
    allowed = ['127.0.0.0/8'],
    path = '{stream}.flv',
    url = undefined as string | undefined,
    encoding = undefined as Encoding | undefined,
    making = { feeds: false, effort: 'usual' } as Making,
    images = (async () => []) as LoadImages,
    // The session is over when all of it is sent; but a machine that is busy has not begun to read by then.
    session = undefined as (() => Promise<SessionState>) | undefined,
    goesOn = false,
    capture = 1,
    taken = new Set<string>(),
    thumbnails = undefined as KeyFrames | undefined,
    files = createMemoryFiles(),
    store = createMemoryObjectStore(),
    carried: before = undefined as Carried | undefined,
    splicing = undefined as Splicing | undefined,
    waits = false,
    cut = undefined as AbortSignal | undefined,
  } = {},
) => {
  const carried = before ?? carriesNothing();
  const sourceUrl = url ?? `http://127.0.0.1:${port}/${path}`;
  const recording = recordingOf(
    planOf(formats, {
      sourceUrl,
      ...(encoding === undefined ? {} : { encoding }),
      ...(thumbnails === undefined ? {} : { thumbnails: { intervalSeconds: 2, width: 160 } }),
    }),
  );
  const troubles: Reason[] = [];
  const { ledger, log, sent } = ledgerOf(recording, files);
  const stop = new AbortController();
  const [started, opened] = [Promise.withResolvers<Media>(), Promise.withResolvers<CaptureGauge>()];
  const closing: Promise<void>[] = [];
  let hasStarted = false;
  const running = runCapture({
    recording,
    capture,
    thumbnails,
    namer: createNamer(recording, capture, taken, () => 'random'),
    ...{ files, sink, log },
    ports: {
      ...{ ladder: ladderOf({ primary: store }), overflow: IN_MEMORY, ledger },
      now: () => new Date(),
      monotonicNow: () => performance.now(),
    },
    ...{ making, images },
    onTrouble: (trouble) => troubles.push(trouble),
    policy: createAddressPolicy(allowed),
    stop: stop.signal,
    hasMedia: false,
    session: session ?? (async () => (hasStarted ? 'ended' : 'live')),
    goesOn: () => goesOn,
    splicing,
    waits: () => waits,
    cut,
    carried,
    onClosing: (closed) => closing.push(closed),
    onOpened: opened.resolve,
    onStarted: started.resolve,
  });
  void started.promise.then(() => {
    hasStarted = true;
  });
  const outcome = running.then(async (result) => {
    await Promise.all(closing);
    // Without a capture that follows.
    if (before === undefined) await closeAllLeft(carried);
    return result;
  });
  const object = (extension: string) => {
    const [, found] = [...store.objects].find(([key]) => key.endsWith(extension)) ?? [];
    if (found === undefined) throw new Error(`There is no object ${extension}`);
    return found.body;
  };
  return {
    ...{ outcome, files, store, stop, log, sent, carried, troubles, making },
    ...{ started: started.promise, opened: opened.promise, object },
  };
};

export type RunningCapture = ReturnType<typeof startCapture>;

/** The segments of each HLS file, joined in the order of its playlist; files by their beginning. */
export const joinedPlaylists = async ({ store, files }: Pick<RunningCapture, 'store' | 'files'>) =>
  (await files.list('rec_1')).map(({ key }) => {
    const playlist = store.objects.get(key)?.body.toString() ?? '';
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    return Buffer.concat(
      (parsePlaylist(playlist)?.segments ?? []).map(({ uri }) => {
        const segment = store.objects.get(folder + decodeURIComponent(uri));
        if (segment === undefined) throw new Error(`There is no segment ${uri}`);
        return segment.body;
      }),
    );
  });

/** The segments of the one playlist, joined in its order. */
export const joinedSegments = ({ store, object }: RunningCapture): Buffer => {
  const { segments } = parsePlaylist(object('.m3u8').toString()) ?? { segments: [] };
  const named = (uri: string) => [...store.objects].find(([key]) => key.endsWith(decodeURIComponent(uri)));
  return Buffer.concat(segments.map(({ uri }) => named(uri)?.[1].body ?? Buffer.alloc(0)));
};
