/** Something that keeps a configuration from being used, and where. Never holds the value of a secret. */
export interface Problem {
  /** Key path; empty for the file as a whole. */
  readonly path: string;
  /** The file, the environment variable or the flag that says so; null when nothing does. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** What was found. */
  readonly got: string;
  /** What is allowed; empty when `got` and `suggestion` say it all. */
  readonly allowed: string;
  readonly suggestion?: string;
}

export interface Place {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

export const NOWHERE: Place = { file: null, line: null, column: null };

/** `config/config.yaml:4:3 seerr.apikey: unknown key; did you mean apiKey?` */
export function formatProblem(problem: Problem): string {
  const place = formatPlace(problem);
  const subject = [place, problem.path].filter((part) => part !== '').join(' ');
  const text = [problem.got, problem.allowed && `allowed: ${problem.allowed}`, problem.suggestion]
    .filter((part) => part)
    .join('; ');
  return subject === '' ? text : `${subject}: ${text}`;
}

export function formatPlace({ file, line, column }: Place): string {
  if (file === null) return '';
  return line === null ? file : `${file}:${line}:${column ?? 1}`;
}

/** One line each, in the order of the file. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}

export function inOrder(problems: readonly Problem[]): Problem[] {
  const rank = (problem: Problem) => (problem.line ?? Number.MAX_SAFE_INTEGER) * 1000 + (problem.column ?? 0);
  return [...problems].sort((a, b) => rank(a) - rank(b));
}
