#!/usr/bin/env node
import { processIo } from './process-io.ts';
import { runCli } from './program.ts';

// Whoever reads what is printed, such as `head`, may have enough of it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCli(process.argv.slice(2), processIo());
