// Who imports whom: holds every source file against the table, after proving that the check can fail.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownFiles, ownPackages, root } from '../repository.ts'
import { checkRooms } from './check-rooms.ts'
import { misjudgedSeeds } from './seeded-violations.ts'
import { rooms } from './table.ts'

const misjudged = misjudgedSeeds()
for (const problem of misjudged) console.error(problem)
const files = ownFiles('*.ts', ':!:*.d.ts', ':!:**/generated/**')
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]))
const findings = checkRooms(sources, ownPackages())
for (const { file, line, room, problem, why } of findings)
  console.error(`${file}:${line}  ${problem}  (${room}: ${why})`)
console.log(`${rooms.length} rules, each seen to fail; ${files.length} files, ${findings.length} findings`)
process.exit(misjudged.length === 0 && findings.length === 0 && files.length > 0 ? 0 : 1)
