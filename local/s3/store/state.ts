import type { BucketSettings, JournalRecord, Part, Piece, StoredObject, UploadSettings } from './records.ts';
import { SortedKeys } from './sorted-keys.ts';

export type Upload = UploadSettings & { readonly parts: Map<number, Part> };

export type Bucket = {
  settings: BucketSettings;
  readonly objects: Map<string, StoredObject>;
  readonly keys: SortedKeys;
  readonly uploads: Map<string, Upload>;
};

/** Pieces that a change began and ceased to refer to. */
export type Change = { readonly added: readonly Piece[]; readonly dropped: readonly Piece[] };

/** Everything the server knows, as the replayed journal; no I/O. */
export class State {
  readonly buckets = new Map<string, Bucket>();

  /** Carries out one record. @throws Error if it refers to what is not there: a damaged journal. */
  apply(record: JournalRecord): Change {
    switch (record.type) {
      case 'bucket':
        return this.#bucket(record.bucket);
      case 'bucket-deleted':
        return this.#deleteBucket(record.name);
      case 'object':
        return setObject(this.#get(record.bucket), record.object);
      case 'objects-deleted':
        return deleteObjects(this.#get(record.bucket), record.keys);
      case 'upload':
        this.#get(record.bucket).uploads.set(record.upload.id, { ...record.upload, parts: new Map() });
        return { added: [], dropped: [] };
      case 'part':
        return setPart(this.#upload(record.bucket, record.uploadId), record.part);
      case 'upload-aborted':
        return { added: [], dropped: this.#takeUpload(record.bucket, record.uploadId) };
      case 'upload-completed': {
        const change = setObject(this.#get(record.bucket), record.object);
        const parts = this.#takeUpload(record.bucket, record.uploadId);
        return { added: change.added, dropped: [...change.dropped, ...parts] };
      }
    }
  }

  /** The fewest records that make this state. */
  *records(): Generator<JournalRecord> {
    for (const [bucket, { settings, objects, keys, uploads }] of this.buckets) {
      yield { type: 'bucket', bucket: settings };
      // In the order of keys: replayed so, every key is added at the end.
      for (const key of keys) yield { type: 'object', bucket, object: objects.get(key) as StoredObject };
      for (const { parts, ...upload } of uploads.values()) {
        yield { type: 'upload', bucket, upload };
        for (const part of parts.values()) yield { type: 'part', bucket, uploadId: upload.id, part };
      }
    }
  }

  #get(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new Error(`The journal names a bucket that does not exist: ${name}`);
    return bucket;
  }

  #upload(bucket: string, id: string): Upload {
    const upload = this.#get(bucket).uploads.get(id);
    if (!upload) throw new Error(`The journal names an upload that does not exist: ${id}`);
    return upload;
  }

  #takeUpload(bucket: string, id: string): Piece[] {
    const upload = this.#upload(bucket, id);
    this.#get(bucket).uploads.delete(id);
    return partPieces(upload);
  }

  #bucket(settings: BucketSettings): Change {
    const known = this.buckets.get(settings.name);
    if (known) known.settings = settings;
    else
      this.buckets.set(settings.name, {
        settings,
        objects: new Map(),
        keys: new SortedKeys(),
        uploads: new Map(),
      });
    return { added: [], dropped: [] };
  }

  #deleteBucket(name: string): Change {
    const { objects, uploads } = this.#get(name);
    this.buckets.delete(name);
    const dropped = [
      ...[...objects.values()].flatMap((object) => object.pieces),
      ...[...uploads.values()].flatMap(partPieces),
    ];
    return { added: [], dropped };
  }
}

const partPieces = (upload: Upload): Piece[] => [...upload.parts.values()].flatMap((part) => part.pieces);

function setObject(bucket: Bucket, object: StoredObject): Change {
  const before = bucket.objects.get(object.key);
  bucket.objects.set(object.key, object);
  if (!before) bucket.keys.add(object.key);
  return { added: object.pieces, dropped: before?.pieces ?? [] };
}

function deleteObjects(bucket: Bucket, keys: readonly string[]): Change {
  const dropped: Piece[] = [];
  for (const key of keys) {
    dropped.push(...(bucket.objects.get(key)?.pieces ?? []));
    if (bucket.objects.delete(key)) bucket.keys.delete(key);
  }
  return { added: [], dropped };
}

function setPart(upload: Upload, part: Part): Change {
  const before = upload.parts.get(part.number);
  upload.parts.set(part.number, part);
  return { added: part.pieces, dropped: before?.pieces ?? [] };
}
