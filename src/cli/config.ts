import { configJsonSchema, exampleConfig, printConfig } from '../config/index.js';
import { type CommonFlags, type ExitCode, exit, type Io, loadSettings } from './io.js';

/** `config validate`. */
export const validate = (io: Io, flags: CommonFlags): ExitCode => {
  const { file } = loadSettings(io, flags);
  io.out(`${file ?? 'the environment'}: ok`);
  return exit.ok;
};

/** `config print`: the effective configuration, secrets masked. */
export const print = (io: Io, flags: CommonFlags): ExitCode => {
  const { config, sources } = loadSettings(io, flags);
  io.out(printConfig(config, sources).trimEnd());
  return exit.ok;
};

/** `config example`: the commented example. */
export const example = (io: Io): ExitCode => {
  io.out(exampleConfig().trimEnd());
  return exit.ok;
};

/** `config schema`: the JSON Schema. */
export const schema = (io: Io): ExitCode => {
  io.out(JSON.stringify(configJsonSchema(), null, 2));
  return exit.ok;
};
