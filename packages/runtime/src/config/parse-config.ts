import { StartRefused } from '../start-refused.ts'
import { type ConfigProblem, type Environment, type SettingShape, type ShapeValue, settings } from './setting.ts'

/** Thrown by `parseConfig`; its message lists every problem, one a line, and holds no secret. */
export class ConfigError extends StartRefused {
  override name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const width = Math.max(...problems.map((problem) => problem.variable.length))
    const lines = problems.map((problem) => `  ${problem.variable.padEnd(width)}  ${problem.problem}`)
    super(`The configuration cannot be used:\n${lines.join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads the one typed configuration object of a service, once, at its start.
 * Throws ConfigError that names every missing or bad variable at once, with what was expected.
 */
export function parseConfig<S extends SettingShape>(env: Environment, shape: S): ShapeValue<S> {
  const result = settings(shape).read(env)
  if (!result.ok) throw new ConfigError(withoutRepeats(result.problems))
  return result.value
}

/** Two parts of a service may read the same variable; its problem is told once. */
function withoutRepeats(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const byText = new Map(problems.map((problem) => [`${problem.variable} ${problem.problem}`, problem]))
  return [...byText.values()]
}
