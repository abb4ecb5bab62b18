// `npm run check -- php`: all PHP that shops install, by PHP itself and by its formatter. `--write` formats.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, format } from 'prettier'
import { formatOf, lint, parseOnOldest } from './lint.ts'
import { filesBelow } from './start-php.ts'

const root = join(import.meta.dirname, '..')
const sources = filesBelow(root)
  .filter((path) => path.endsWith('.php') && !path.startsWith('node_modules/'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

const problems = [...(await parseOnOldest(sources)), ...(await lint(sources))]
for (const { path, text } of sources) {
  const options = { ...formatOf, filepath: path, plugins: [import.meta.resolve('@prettier/plugin-php')] }
  try {
    if (await check(text, options)) continue
    if (process.argv.includes('--write')) writeFileSync(join(root, path), await format(text, options))
    else problems.push(`${path}: is formatted otherwise; \`node integrations/php/main.ts --write\` mends it`)
  } catch (error) {
    problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
for (const problem of problems) console.error(problem)
if (sources.length === 0) console.error('There is no PHP to check.')
// PHP's threads would keep the process.
process.exit(problems.length === 0 && sources.length > 0 ? 0 : 1)
