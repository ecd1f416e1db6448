/** Operations of S3 that the recorder and the functions use. */
export type S3Operation =
  | 'PutObject'
  | 'CopyObject'
  | 'UploadPart'
  | 'UploadPartCopy'
  | 'CreateMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'DeleteObjects'
  | 'ListObjectsV2'
  | 'other';

export interface S3Request {
  readonly operation: S3Operation;
  /** Empty when it is about all of them. */
  readonly bucket: string;
  /** Of the object, decoded; empty when it is about a bucket. */
  readonly key: string;
}

const ofObject = (method: string, query: URLSearchParams, isCopy: boolean): S3Operation => {
  const isUpload = query.has('uploadId');
  switch (method) {
    case 'PUT':
      if (query.has('partNumber')) return isCopy ? 'UploadPartCopy' : 'UploadPart';
      return isCopy ? 'CopyObject' : 'PutObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      return isUpload ? 'CompleteMultipartUpload' : 'other';
    case 'GET':
      return isUpload ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'DELETE':
      return isUpload ? 'AbortMultipartUpload' : 'DeleteObject';
    default:
      return 'other';
  }
};

/** What a path-style request asks of S3. Pure. */
export const s3RequestOf = (method: string, url: string, isCopy: boolean): S3Request => {
  const { pathname, searchParams: query } = new URL(url, 'http://s3');
  const [, bucket = '', ...rest] = pathname.split('/');
  const key = decodeURIComponent(rest.join('/'));
  if (key !== '') return { operation: ofObject(method, query, isCopy), bucket, key };
  if (method === 'POST' && query.has('delete')) return { operation: 'DeleteObjects', bucket, key };
  return { operation: query.has('list-type') ? 'ListObjectsV2' : 'other', bucket, key };
};
