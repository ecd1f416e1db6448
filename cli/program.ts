import { Command, CommanderError } from 'commander';
import { applyCommand } from './apply/command.ts';
import { exportCommand } from './apply/export.ts';
import { type AnyCommand, addCommand, type Runner } from './command.ts';
import { type ConnectionOptions, connect, findConnection } from './connection.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { GROUPS } from './groups.ts';
import type { Io } from './io.ts';
import { complaintOf } from './output/complain.ts';
import { createOutput } from './output/output.ts';
import { recordCommand } from './record/command.ts';
import { watchCommand } from './watch/command.ts';

const COMMANDS: readonly AnyCommand[] = [recordCommand, watchCommand, applyCommand, exportCommand];

const NOTES = `
Without --url and --token, the local run whose .streamkeep is in the working folder is asked.

Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the API cannot be reached, 4 differences (apply --exit-code).

Examples:
  streamkeep record rtmp://cam.example.com/live/show --to s3://my-recordings --format mp4,hls --for 10m
  streamkeep watch
  streamkeep apply -f streamkeep.yaml
  streamkeep recordings list --state failed --json`;

interface GlobalOptions extends ConnectionOptions {
  readonly json?: boolean;
  readonly debug?: boolean;
}

const createProgram = (io: Io, run: Runner): Command => {
  const program = new Command('streamkeep')
    .description('Records live streams into your own object storage.')
    .option('--url <url>', 'where the API is (STREAMKEEP_URL)')
    .option('--token <token>', 'token of the API (STREAMKEEP_TOKEN)')
    .option('--token-file <path>', 'file that holds the token')
    .option('--json', "print the API's JSON, and nothing else, on stdout")
    .option('--debug', 'show where in the program an error came from')
    .configureHelp({ showGlobalOptions: true, helpWidth: io.out.columns ?? 100 })
    .configureOutput({ writeOut: io.out.write, writeErr: io.err.write })
    .addHelpText('after', NOTES)
    .exitOverride();
  for (const command of COMMANDS) addCommand(program, command, run);
  for (const { name, about, commands } of GROUPS) {
    const group = program.command(name).summary(about).description(about);
    for (const command of commands) addCommand(group, command, run);
  }
  return program;
};

/** Runs one command line, without node and script. @returns what the process is to end with */
export const runCli = async (args: readonly string[], io: Io): Promise<ExitCode> => {
  let exitCode: ExitCode = EXIT.ok;
  let options: GlobalOptions = {};
  const run: Runner = async (spec, values, given) => {
    options = given;
    const connection = await findConnection(options, io);
    const context = {
      io,
      api: connect(connection, io),
      url: connection.url,
      withToken: (token: string) => connect({ ...connection, token }, io),
      out: createOutput(io, options.json === true),
    };
    exitCode = (await spec.run(context, values, given as never)) ?? EXIT.ok;
  };
  try {
    await createProgram(io, run).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has said what is wrong itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { debug, json } = options;
    const complaint = complaintOf(error, { debug: debug === true, json: json === true });
    io.err.write(complaint.text);
    return complaint.exitCode;
  }
};
