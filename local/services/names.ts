import type { Resource } from '../template/load.ts';

/** The name a resource gets when its template does not say one; the same at every start. */
export const physicalName = (resource: Resource, given: unknown): string =>
  typeof given === 'string' ? given : `${resource.stack}-${resource.logicalId}`;

/** Bucket names are lower-case and at most 63 characters. */
export const bucketName = (resource: Resource, given: unknown): string =>
  typeof given === 'string'
    ? given
    : physicalName(resource, undefined)
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]/g, '-')
        .slice(0, 63)
        .replace(/-+$/, '');
