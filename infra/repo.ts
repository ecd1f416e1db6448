import { fileURLToPath } from 'node:url';

/** The repository's root: bundling and image build work from there, wherever synthesis was started. */
export const REPO_ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
