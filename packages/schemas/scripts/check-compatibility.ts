// Holds the contract against history/: every released version and the present one must read each other, and the
// present one must have its copy in history/. `--release` adds that copy where a record changed.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { incompatibilities } from '../src/compatibility.ts'
import { packageRoot, readContract, readHistory } from './contract-source.ts'

let failures = 0
for (const [name, schema] of readContract()) {
  if (name === 'Envelope') continue
  const folder = join(packageRoot, 'history', name)
  const history = existsSync(folder) ? readHistory(name) : new Map<string, unknown>()
  for (const { reader, writer, reason } of incompatibilities(new Map([...history, [`${name} (now)`, schema]]))) {
    console.error(`${reader} cannot read ${writer}: ${reason}`)
    failures += 1
  }
  const text = JSON.stringify(schema, undefined, 1)
  if ([...history.values()].some((version) => JSON.stringify(version, undefined, 1) === text)) continue
  const file = join(folder, `${history.size + 1}.avsc`)
  if (process.argv.includes('--release') && failures === 0) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, `${text}\n`)
    console.log(`released ${name} v${history.size + 1}`)
  } else {
    console.error(`${name} changed and has no copy in history/: run \`node scripts/check-compatibility.ts --release\``)
    failures += 1
  }
}
process.exit(failures === 0 ? 0 : 1)
