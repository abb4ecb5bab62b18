import { dirname } from 'node:path'
import { evaluator, startPhp } from './start-php.ts'

export type PhpSource = { readonly path: string; readonly text: string }

/** The common rules of PHP (PER), in our width. */
export const formatOf = {
  parser: 'php',
  phpVersion: '8.1',
  braceStyle: 'per-cs',
  singleQuote: true,
  printWidth: 120,
  tabWidth: 4,
  trailingCommaPHP: true,
} as const

/** What `php -l` of the newest PHP has against the files, deprecations included. One line each. */
export async function lint(sources: readonly PhpSource[]): Promise<string[]> {
  const php = await startPhp('8.4')
  for (const { path, text } of sources) {
    php.mkdir(dirname(`/lint/${path}`))
    php.writeFile(`/lint/${path}`, text)
  }
  const run = await php.cli(['php', '-d', 'display_errors=1', '-l', ...sources.map(({ path }) => `/lint/${path}`)])
  const [code, text] = [await run.exitCode, await run.stdoutText]
  const said = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('No syntax errors detected'))
  const passed = text.split('\n').filter((line) => line.startsWith('No syntax errors detected')).length
  if (code !== 0 && said.length === 0) said.push(`php -l ended with ${code}`)
  if (said.length === 0 && passed !== sources.length) said.push(`php -l saw ${passed} of ${sources.length} files`)
  return said.map((line) => line.replaceAll('/lint/', ''))
}

/** Files that the oldest PHP cannot parse. Its `php -l` takes one file a process; the parser takes them all in one. */
export async function parseOnOldest(sources: readonly PhpSource[]): Promise<string[]> {
  const evaluate = evaluator(
    await startPhp('8.1'),
    `function problem(string $text): ?string {
      try { token_get_all($text, TOKEN_PARSE); return null; }
      catch (ParseError $error) { return $error->getMessage() . ' on line ' . $error->getLine(); }
    }`,
  )
  const found = await evaluate(
    `array_map('problem', $given)`,
    sources.map(({ text }) => text),
  )
  if (!Array.isArray(found) || found.length !== sources.length) return ['PHP 8.1 did not answer for every file']
  return sources.flatMap(({ path }, index) => (found[index] ? [`${path}: PHP 8.1: ${String(found[index])}`] : []))
}
