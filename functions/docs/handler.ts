import { readFile } from 'node:fs/promises';
import { createDocs } from './docs.ts';

// Bundling puts the files of `assets.json` there.
const ASSETS = new URL('./assets/', import.meta.url);

export const handler = createDocs((name) => readFile(new URL(name, ASSETS), 'utf8'));
