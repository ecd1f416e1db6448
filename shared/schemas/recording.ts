import * as z from 'zod';
import { formatSchema, streamKeySchema, timeSchema } from './names.ts';
import { standbyContentSchema } from './standby-content.ts';
import { bucketSchema } from './storage.ts';
import { CONTENTS, formatsSchema, thumbnailsSchema } from './template.ts';
import { encodingSchema } from './transcode.ts';

export const RECORDING_STATES = ['recording', 'paused', 'completing', 'completed', 'failed'] as const;
export const recordingStateSchema = z.enum(RECORDING_STATES);
export type RecordingState = z.infer<typeof recordingStateSchema>;

/** Whose doing it was that a recording ended, paused or failed. */
export const reasonSchema = z
  .object({
    cause: z.enum(['source', 'storage', 'user', 'limit', 'ours']).describe('Whose doing it was.'),
    /** One of `END_CODES` in `recordings/end-reason.ts`. */
    code: z.string().describe('For programs.'),
    text: z.string().describe('In plain words, for people.'),
  })
  .meta({ id: 'Reason' });
export type Reason = z.infer<typeof reasonSchema>;

/** What a recorder needs to know of the template; frozen when the recording is made. */
export const planSchema = z.object({
  /** Absent: a task without a template. */
  templateId: z.string().optional(),
  /** What is really recorded; `contentReason` says why when it is not what the template asks for. */
  content: z.enum(CONTENTS),
  contentReason: z.string().optional(),
  /** How `watermarked` and `transcoded` content is made. */
  encoding: encodingSchema.optional(),
  /** What stands in the place of the stream while it is away; only of encoded content. */
  standby: standbyContentSchema.optional(),
  timeZone: z.string(),
  formats: formatsSchema,
  thumbnails: thumbnailsSchema.optional(),
  path: z.string(),
  /** The orchestrations that its files go through once they are ready, by format. */
  postProcessing: z.partialRecord(formatSchema, z.string()).optional(),
  maxDurationSeconds: z.number().optional(),
  /** When it ends although the stream goes on: the end of its task. */
  endsAt: timeSchema.optional(),
  retentionDays: z.number().int().optional(),
  /** Where the recorder pulls the stream from: the domain's template, placeholders and all. */
  sourceUrl: z.string(),
  /** The start of the stream may be waiting for its recorder, which says when it is connected. */
  announceConnected: z.boolean().optional(),
  storage: bucketSchema,
  backup: bucketSchema.optional(),
});
export type Plan = z.infer<typeof planSchema>;

/** What the stream carries, as ffmpeg said when it opened it. */
export const mediaSchema = z
  .object({
    videoCodec: z.string().optional(),
    width: z.number().optional(),
    height: z.number().optional(),
    framesPerSecond: z.number().optional(),
    audioCodec: z.string().optional(),
    audioSampleRate: z.number().int().optional().describe('In Hz.'),
    audioChannels: z.number().int().optional(),
  })
  .meta({ id: 'Media', description: 'What the stream carries: of each, what is known.' });
export type Media = z.infer<typeof mediaSchema>;

/** Where media may be, best first: the template's storage, its backup in another region, this installation's own bucket. */
export const LOCATIONS = ['primary', 'backup', 'spool'] as const;
export const locationSchema = z.enum(LOCATIONS);
export type Location = z.infer<typeof locationSchema>;

/** How a recording that runs is getting on, as its recorder last said. */
export const progressSchema = z.object({
  at: timeSchema,
  /** From the source, since this recorder has had it. */
  receivedBytes: z.number().int(),
  /** Media recorded, by recorders before this one too. */
  durationSeconds: z.number(),
  /** From the source, over the last ten seconds or so. */
  bitsPerSecond: z.number().int(),
  /** When the recorder last saw a key frame of the stream's video. */
  lastKeyFrameAt: timeSchema.optional(),
  /** Where its media are being written now. */
  location: locationSchema,
});
export type Progress = z.infer<typeof progressSchema>;

/** What is still to be deleted of a recording, and how far that is. */
export const deletionSchema = z.object({
  /** When it was asked for. */
  at: timeSchema,
  /** Whether what it recorded is deleted. */
  objects: z.boolean(),
  /** Whether the record of it goes too; otherwise its files expire. */
  record: z.boolean(),
  /** When it is taken up again unless it is done by then. */
  dueAt: timeSchema,
  /** Times that a storage has refused it, in a row, and what it said last. */
  failures: z.number().int(),
  reason: reasonSchema.optional(),
});
export type Deletion = z.infer<typeof deletionSchema>;

/** A recording on its way from a recorder that leaves to the next one, which begins before the first one stops. */
export const handoverSchema = z.object({
  /** Of the recorder that leaves. The files of this epoch stay its own until it has said its last word. */
  epoch: z.number().int(),
  owner: z.string(),
  /** The next one has media. */
  receiving: z.literal(true).optional(),
  /** The one that leaves has left the playlist behind, without this key frame and what follows it. */
  over: z.object({ fingerprint: z.string().optional() }).optional(),
  /** It has said its last word. The rest stands here for as long as the next one may still read it. */
  left: z.literal(true).optional(),
});
export type Handover = z.infer<typeof handoverSchema>;

/** The obligation to clear away what may have been left of its work objects, once it has ended. */
export const untidySchema = z.object({
  /** When that is done. While somebody is at it, later than that can take. */
  dueAt: timeSchema,
  /** Times that it could not be done, in a row. */
  failures: z.number().int(),
});

export const recordingSchema = streamKeySchema.extend({
  recordId: z.string(),
  /** The push that is being recorded; changes when a stream comes back within its resumption timeout. */
  sessionId: z.string(),
  /** The task that asked for it; absent: a rule did. */
  taskId: z.string().optional(),
  plan: planSchema,
  state: recordingStateSchema,
  startedAt: timeSchema,
  endedAt: timeSchema.optional(),
  reason: reasonSchema.optional(),
  /** Fencing token: rises with each owner. Writes of an earlier owner are refused. */
  epoch: z.number().int(),
  /** The recorder that has it now. */
  owner: z.string().optional(),
  handover: handoverSchema.optional(),
  /** Captures begun so far; the next one takes the next number. */
  captures: z.number().int(),
  /** While paused: when the resumption timeout is over. */
  pausedUntil: timeSchema.optional(),
  /** Why it must end, when its owner has been told to end it and has not done so yet. */
  stopping: reasonSchema.optional(),
  media: mediaSchema.optional(),
  /** What is wrong with it now although it goes on, such as a storage that does not take its media. */
  trouble: reasonSchema.optional(),
  /** When a recorder was first connected to the source of this session, and nothing could be missed any more. */
  connectedAt: timeSchema.optional(),
  /** That it has paused, gone on or ended is still to be told. */
  untold: z.literal(true).optional(),
  untidy: untidySchema.optional(),
  /** It is being deleted. */
  deletion: deletionSchema.optional(),
  /** When its retention time was over and its objects were deleted. */
  expiredAt: timeSchema.optional(),
  /** Rises with each change of state; state changes are conditional on it. */
  revision: z.number().int(),
});
export type Recording = z.infer<typeof recordingSchema>;

/** An open file's journal: what anyone needs to close it. The parts themselves are listed from the storage. */
export const journalSchema = z.object({
  /** Multipart upload, once the file outgrew one part. */
  uploadId: z.string().optional(),
  /** Head under which held media + parts + tail are a valid file; base64, a few kB. */
  initialHead: z.string(),
  /** Keys of the objects that hold media which are in no part yet. */
  heldKey: z.string(),
  tailKey: z.string(),
});
export type Journal = z.infer<typeof journalSchema>;

/**
 * `waiting`: nothing more will come, but the storage that it was begun in does not answer; it is put together when that
 * does. `expired`: its retention time was over, and its objects are deleted.
 */
export const FILE_STATES = ['recording', 'waiting', 'ready', 'failed', 'expired'] as const;

/** What has been told of a file: that it was opened; that it was closed as well. */
const TOLD = ['opened', 'closed'] as const;
export type Told = (typeof TOLD)[number];
/** The copy of a large object that is under way to the primary storage: a multipart upload there. */
export const copySchema = z.object({
  uploadId: z.string(),
  /** Of the object that is copied: another one cannot go on where this one was. */
  etag: z.string(),
  /** Size of each part but the last. */
  partBytes: z.number().int(),
  /** How much of the object of this ETag, which it has become, has been compared with what was copied. */
  compared: z.object({ etag: z.string(), bytes: z.number().int() }).optional(),
});
export type Copy = z.infer<typeof copySchema>;

/** What a storage said of an object when it was written. */
export const checksumSchema = z.object({
  etag: z.string().optional().describe('Of the object, as its storage gave it.'),
  crc32: z.string().optional().describe('CRC-32 of all its bytes, base64, where the storage keeps one.'),
});
export type Checksum = z.infer<typeof checksumSchema>;

/** A time in the middle of a playlist that it has no media of. */
const fileGapSchema = z.object({ from: timeSchema, to: timeSchema });
export type FileGap = z.infer<typeof fileGapSchema>;

/** The obligation to bring a file home to the primary storage. */
export const awaySchema = z.object({
  /** Every other storage that holds, or may hold, objects of it. */
  places: z.array(locationSchema.exclude(['primary'])),
  since: timeSchema,
  /** When it is tried next. While somebody is at it, later than that can take. */
  dueAt: timeSchema,
  copy: copySchema.optional(),
  /** Of HLS: the name of the last segment that is at home, and compared, with all that come before it. */
  compared: z.string().optional(),
  /** It was closed after its recorder, and nobody has been told yet. */
  untold: z.literal(true).optional(),
  /** Tries in a row that the primary storage has refused. */
  failures: z.number().int(),
  /** Why it is away: what the storage last said. */
  reason: reasonSchema,
});
export type Away = z.infer<typeof awaySchema>;

export const fileSchema = z.object({
  recordId: z.string(),
  /** Unique in its recording; sorts by beginning. */
  fileId: z.string(),
  format: formatSchema,
  bucket: z.string(),
  key: z.string(),
  /** Its key in the primary storage, when that is another one. */
  homeKey: z.string().optional(),
  state: z.enum(FILE_STATES),
  location: locationSchema,
  /** Since when it is there; absent: since it began. */
  locatedAt: timeSchema.optional(),
  away: awaySchema.optional(),
  sizeBytes: z.number().int(),
  durationSeconds: z.number(),
  startedAt: timeSchema,
  readyAt: timeSchema.optional(),
  /** Of the whole object, once it is closed; not of HLS, which is many. */
  checksum: checksumSchema.optional(),
  /** Of HLS, once it is closed: interruptions in its playlist. */
  gaps: z.array(fileGapSchema).optional(),
  reason: reasonSchema.optional(),
  /** Of the owner that may write to it. */
  epoch: z.number().int(),
  /** How far its notices have come; absent: none yet. The recorder does not know, and leaves it as it is. */
  told: z.enum(TOLD).optional(),
  /** While open, and until all of it is cleared away; not for HLS, whose playlist and segments are their own journal. */
  journal: journalSchema.optional(),
});
export type RecordingFile = z.infer<typeof fileSchema>;
