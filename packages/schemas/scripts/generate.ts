// Writes what follows from contract/*.avsc: the self-contained schemas that are registered, and the TypeScript types.
// `--check` writes nothing and fails when what is committed differs.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toTypeScript } from '@ovotech/avro-ts'
import { packageRoot, type RecordSchema, readContract } from './contract-source.ts'

const header = '// Generated from contract/*.avsc by scripts/generate.ts; do not edit.\n'

/** The interfaces alone: schema texts and a namespace per record would only stand in the way. */
function typesOf(schema: RecordSchema): string {
  const text = toTypeScript(schema as never, { logicalTypes: { decimal: 'string', 'timestamp-millis': 'number' } })
  const inner = text.slice(text.indexOf('{', text.indexOf('export namespace')) + 1, text.lastIndexOf('}'))
  return inner
    .split('\n')
    .filter((line) => !/export const \w+(Schema|Name) =/.test(line))
    .map((line) => line.replace(/^ {4}/, '').replaceAll('VaraiEvents.', ''))
    .join('\n')
    .trim()
}

/** What all files under src/generated must hold, by their path there. */
function generate(): Map<string, string> {
  const contract = readContract()
  const names = [...contract.keys()].filter((name) => name !== 'Envelope').sort()
  const files = new Map<string, string>()
  for (const [name, schema] of contract) files.set(`types/${name}.d.ts`, `${header}\n${typesOf(schema)}\n`)
  const imports = names.map((name) => `import type { ${name} } from './types/${name}.d.ts'`).join('\n')
  const nested = new Map<string, string>()
  for (const [name] of contract) {
    for (const [, inner] of files.get(`types/${name}.d.ts`)?.matchAll(/export interface (\w+)/g) ?? []) {
      if (inner !== undefined && !nested.has(inner)) nested.set(inner, name)
    }
  }
  const reexports = [...nested]
    .map(([inner, name]) => `export type { ${inner} } from './types/${name}.d.ts'`)
    .join('\n')
  const map = names.map((name) => `  ${name}: ${name}`).join('\n')
  files.set('record-types.ts', `${header}${imports}\n\n${reexports}\n\nexport type RecordTypes = {\n${map}\n}\n`)
  const schemas = names.map((name) => `  ${name}: ${JSON.stringify(contract.get(name))},`).join('\n')
  files.set(
    'record-schemas.ts',
    `${header}\n/** By name of the record; see contract/ for the readable source. */\nexport const recordSchemas = {\n${schemas}\n}\n`,
  )
  return files
}

const folder = join(packageRoot, 'src', 'generated')
const files = generate()
const committed = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  : []
const stale = [
  ...[...files]
    .filter(([file, text]) => !committed.includes(file) || readFileSync(join(folder, file), 'utf8') !== text)
    .map(([file]) => file),
  ...committed.filter((file) => !files.has(file)),
]
if (process.argv.includes('--check')) {
  for (const file of stale)
    console.error(
      `src/generated/${file} does not follow from contract/: run \`node scripts/generate.ts\` in packages/schemas`,
    )
  process.exit(stale.length === 0 ? 0 : 1)
}
rmSync(folder, { recursive: true, force: true })
mkdirSync(join(folder, 'types'), { recursive: true })
for (const [file, text] of files) writeFileSync(join(folder, file), text)
console.log(`${files.size} files written, ${stale.length} of them changed`)
