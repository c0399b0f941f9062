export { cronIntervals } from './cron.js';
export { formatDuration, parseDuration } from './duration.js';
export { exampleConfig } from './example.js';
export { configJsonSchema } from './jsonSchema.js';
export { DEFAULT_PATH, type Loaded, type LoadInput, loadConfig, type Source } from './load.js';
export { printConfig, secretValues } from './print.js';
export { formatProblem, formatProblems, type Problem } from './problem.js';
export { type Config, configSchema } from './schema.js';
export { configKeys, type Key, restartKeys } from './tree.js';
