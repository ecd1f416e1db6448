#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// JavaScript, as loading what reads TypeScript takes longer than most commands: the rest is kept as it was read.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/streamkeep/compiled', import.meta.url)));
await import('./main.ts');
