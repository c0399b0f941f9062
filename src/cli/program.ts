import { Command, CommanderError, Option } from 'commander';
import { distance } from 'fastest-levenshtein';
import { isServiceError } from '../domain/errors.js';
import { rejectionCodes } from '../domain/selection/index.js';
import { ListenError } from '../http/server.js';
import { messageOf } from '../messageOf.js';
import { version } from '../root.js';
import { StoreError } from '../store/database.js';
import { databaseFaultOf } from '../store/faults.js';
import { LockedError } from '../store/lock.js';
import { check } from './check.js';
import { example, print, schema, validate } from './config.js';
import { doctor } from './doctor.js';
import { explain as explainTarget } from './explain.js';
import { type CommonFlags, type ExitCode, exit, type Io, UsageError } from './io.js';
import { once } from './once.js';
import { pause, rejectTarget, resume, retryTarget } from './orders.js';
import { replay } from './replay.js';
import { run } from './run.js';
import { status } from './status.js';

const TARGET = 'a Seerr request id, or ttID[:season[:episode]], with :4k for that tier';

const common = (command: Command): Command =>
  command
    .option('--config <path>', 'the configuration file (default: config/config.yaml)')
    .option('--data <dir>', 'the data directory (overrides data.dir)')
    .addOption(new Option('--log-level <level>', 'overrides log.level').choices(['error', 'warn', 'info', 'debug']));

/** Runs the command line. Never throws: every failure becomes a message on stderr and an exit code. */
export const runCli = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  let code: ExitCode = exit.ok;
  const program = build(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return explain(io, error);
  }
};

const build = (io: Io, done: (code: ExitCode) => void): Command => {
  const program = new Command('fulfillarr')
    .description('Gets what Seerr has approved onto Real-Debrid, and closes the request once Jellyfin shows it.')
    .version(version())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
    .showHelpAfterError('(see fulfillarr --help)');
  const add = (name: string, summary: string) => common(program.command(name)).description(summary).exitOverride();
  const finish =
    <A extends unknown[]>(action: (...args: A) => Promise<ExitCode> | ExitCode) =>
    async (...args: A) => {
      done(await action(...args));
    };

  common(program)
    .argument('[command]')
    .usage('[command] [options]')
    .action(
      finish((name: string | undefined, flags: CommonFlags) =>
        name === undefined ? run(io, flags) : unknown(program, name),
      ),
    );
  add('run', 'the daemon: polls, reconciles, serves HTTP, until SIGTERM or SIGINT (the default)').action(
    finish((flags: CommonFlags, command: Command) => run(io, merged(flags, command))),
  );
  add('once', 'runs exactly one tick, prints its report, exits')
    .option('--dry-run', 'decide and print, but change nothing anywhere')
    .option('--json', 'print one JSON document')
    .action(finish((flags, command: Command) => once(io, merged(flags, command))));
  add('check', 'candidates, verdicts and availability of one title, and the calls spent')
    .argument('<target>', 'ttID, or ttID:season:episode; with :4k for that tier')
    .option('--no-probe', 'do not add the best candidate to look into it')
    .option('--json', 'print one JSON document')
    .addHelpText('after', `\nReasons to refuse a release:\n${rejectionHelp()}`)
    .action(finish((target: string, flags, command: Command) => check(io, target, merged(flags, command))));
  add('status', 'every open request, its wants and their states, next action and when')
    .option('--json', 'print one JSON document')
    .action(finish((flags, command: Command) => status(io, merged(flags, command))));
  add('explain', 'why a request is where it is: candidates, verdicts, decisions, calls, and what comes next')
    .argument('<target>', TARGET)
    .option('--json', 'print one JSON document')
    .action(finish((target: string, flags, command: Command) => explainTarget(io, target, merged(flags, command))));
  add(
    'replay',
    'judges the last searches of a request again by this (or, with --config, another) configuration; no calls',
  )
    .argument('<target>', TARGET)
    .option('--json', 'print one JSON document')
    .action(finish((target: string, flags, command: Command) => replay(io, target, merged(flags, command))));
  add('retry', 'clears back-off and what is remembered against releases of a target, and makes it due now')
    .argument('<target>', TARGET)
    .action(
      finish((target: string, flags: CommonFlags, command: Command) => retryTarget(io, target, merged(flags, command))),
    );
  add('reject', '"this copy is bad": blocks the chosen release, reopens the want, takes the next best')
    .argument('<target>', TARGET)
    .action(
      finish((target: string, flags: CommonFlags, command: Command) =>
        rejectTarget(io, target, merged(flags, command)),
      ),
    );
  add('pause', 'no new grabs until resumed; what is in flight goes on').action(
    finish((flags: CommonFlags, command: Command) => pause(io, merged(flags, command))),
  );
  add('resume', 'new grabs again').action(
    finish((flags: CommonFlags, command: Command) => resume(io, merged(flags, command))),
  );
  add('doctor', 'checks configuration, database, clock, and what each of the four services answers')
    .option('--json', 'print one JSON document')
    .action(finish((flags, command: Command) => doctor(io, merged(flags, command))));
  addConfig(program, io, finish);
  add('demo', 'the whole product against stand-ins of the four services on loopback; no accounts, no network').action(
    finish(async () => (await import('./demo.js')).demo(io)),
  );
  return program;
};

const unknown = (program: Command, name: string): never => {
  const names = program.commands.map((command) => command.name());
  const near = names.find((known) => distance(known, name) <= 2);
  const meant = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
  throw new UsageError(`unknown command "${name.slice(0, 40)}"; ${meant}`);
};

const addConfig = (
  program: Command,
  io: Io,
  finish: <A extends unknown[]>(action: (...args: A) => ExitCode) => (...args: A) => Promise<void>,
): void => {
  const config = program.command('config').description('checks, prints and explains the configuration').exitOverride();
  const add = (name: string, summary: string, action: (io: Io, flags: CommonFlags) => ExitCode) =>
    common(config.command(name))
      .description(summary)
      .exitOverride()
      .action(finish((flags: CommonFlags, command: Command) => action(io, merged(flags, command))));
  add('validate', 'checks the file and says all that is wrong with it', validate);
  add('print', 'the effective configuration, secrets masked', print);
  add('example', 'a commented example with every key', example);
  add('schema', 'the JSON Schema, for editors', schema);
};

/** Flags may stand before or after the command's name. */
const merged = <T extends CommonFlags>(flags: T, command: Command): T => ({ ...command.optsWithGlobals(), ...flags });

const rejectionHelp = (): string =>
  Object.entries(rejectionCodes)
    .map(([code, meaning]) => `  ${code.padEnd(22)} ${meaning}`)
    .join('\n');

const explain = (io: Io, error: unknown): ExitCode => {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exit.ok : exit.usage;
  }
  if (error instanceof UsageError) {
    io.err(error.message);
    return exit.usage;
  }
  if (error instanceof LockedError) {
    io.err(`${error.message}. ${error.hint}`);
    return exit.locked;
  }
  if (error instanceof StoreError || error instanceof ListenError) {
    io.err(`${error.message}. ${error.hint}`);
    return exit.failed;
  }
  return io.stop.aborted ? exit.ok : explainFailure(io, error);
};

/** What is printed of an error that should not have happened: where it came from, and nothing that it carries. */
export const unexpected = (error: unknown): string =>
  `unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;

/** What went wrong on the way: a service, the database's place, or something that should not happen. */
const explainFailure = (io: Io, error: unknown): ExitCode => {
  const fault = databaseFaultOf(error);
  if (fault !== null) {
    io.err(`${fault.message} (${messageOf(error)}). ${fault.hint}`);
    return exit.failed;
  }
  if (isServiceError(error)) {
    io.err(`${error.message}${error.hint === undefined ? '' : `. ${error.hint}`}`);
    return error.failure === 'account' ? exit.refused : exit.failed;
  }
  io.err(unexpected(error));
  return exit.failed;
};
