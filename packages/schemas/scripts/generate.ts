// Writes what follows from the contract: the self-contained schemas that are registered, the TypeScript types, and
// docs/contract.md.
// `--check` writes nothing and fails when what is committed differs.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toTypeScript } from '@ovotech/avro-ts'
import { contractDocument } from './contract-document.ts'
import { packageRoot, type RecordSchema, readContract } from './contract-source.ts'
import { defaultedFields, namedRecords } from './nested-records.ts'

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
  const records = [...namedRecords(contract).values()]
  const byHome = Map.groupBy(records, (record) => record.homeOf)
  const lines = (of: readonly string[]) => of.join('\n')
  const reexports = [...byHome].map(
    ([home, inner]) => `export type { ${inner.map(({ name }) => name).join(', ')} } from './types/${home}.d.ts'`,
  )
  const imports = names.map((name) => `import type { ${name} } from './types/${name}.d.ts'`)
  const map = names.map((name) => `  ${name}: ${name}`)
  files.set(
    'record-types.ts',
    `${header}${lines(imports)}\n\n${lines(reexports)}\n\nexport type RecordTypes = {\n${lines(map)}\n}\n`,
  )
  const defaults = records.map((record) => {
    const fields = defaultedFields(record).map((field) => `'${field}'`)
    return `  ${record.name}: { of: all.${record.name}; fields: ${fields.length > 0 ? fields.join(' | ') : 'never'} }`
  })
  files.set(
    'defaulted-fields.ts',
    `${header}import type * as all from './record-types.ts'\n
/** By record, nested ones included: the fields with a default, which a producer may leave out. */
export type DefaultedFields = {\n${lines(defaults)}\n}\n`,
  )
  const schemas = names.map((name) => `  ${name}: ${JSON.stringify(contract.get(name))},`).join('\n')
  files.set(
    'record-schemas.ts',
    `${header}\n/** By name of the record; see contract/ for the readable source. */\nexport const recordSchemas = {\n${schemas}\n}\n`,
  )
  return files
}

const folder = join(packageRoot, 'src', 'generated')
const document = join(packageRoot, '..', '..', 'docs', 'contract.md')
const documentText = contractDocument(readContract())
const files = generate()
const committed = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  : []
const holds = (path: string, text: string) => existsSync(path) && readFileSync(path, 'utf8') === text
const stale = [
  ...[...files].filter(([file, text]) => !holds(join(folder, file), text)).map(([file]) => `src/generated/${file}`),
  ...committed.filter((file) => !files.has(file)).map((file) => `src/generated/${file}`),
  ...(holds(document, documentText) ? [] : ['docs/contract.md']),
]
if (process.argv.includes('--check')) {
  for (const file of stale) {
    console.error(`${file} does not follow from the contract: run \`node scripts/generate.ts\` in packages/schemas`)
  }
  process.exit(stale.length === 0 ? 0 : 1)
}
rmSync(folder, { recursive: true, force: true })
mkdirSync(join(folder, 'types'), { recursive: true })
for (const [file, text] of files) writeFileSync(join(folder, file), text)
writeFileSync(document, documentText)
console.log(`${files.size + 1} files written, ${stale.length} of them changed`)
