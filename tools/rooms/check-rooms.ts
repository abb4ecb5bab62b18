import { matchesGlob, posix } from 'node:path'
import { type Import, readSource } from './read-source.ts'
import { type Room, rooms } from './table.ts'

export type Finding = { file: string; line: number; room: string; problem: string; why: string }
/** Code by path from the root, with `/` between folders. */
export type Sources = ReadonlyMap<string, string>

/** Everything in `sources` that breaks the table. `packages` gives the folder of each package of ours by its name. */
export function checkRooms(sources: Sources, packages: ReadonlyMap<string, string>): Finding[] {
  return [...sources].flatMap(([file, code]) => {
    const mine = rooms.filter((room) => isIn(room, file))
    const { imports, uses } = readSource(file, code)
    const broken = mine.flatMap((room) => [
      ...imports
        .filter((one) => !allowed(room, namesOf(one, file, packages)))
        .map((one) => ({ room, line: one.line, problem: `imports ${one.specifier}` })),
      ...uses
        .filter(({ what }) => room.neverUses?.includes(what))
        .map(({ what, line }) => ({ room, line, problem: `uses ${what}` })),
    ])
    return [
      ...broken.map(({ room, line, problem }) => ({ file, line, room: room.name, problem, why: room.why })),
      ...strays(file, imports),
      ...namelessFile(file),
    ]
  })
}

/** Tests, and what only tests import: `x.test.ts`, `test-x.ts`. */
const isTest = (file: string) => /\.test\.ts$|(^|\/)test-[^/]+\.ts$/.test(file)
const isIn = (room: Room, file: string) =>
  (room.testsToo === true || !isTest(file)) && room.files.some((glob) => matchesGlob(file, glob))

/** The folder of the package a file belongs to, e.g. packages/kafka; the first folder where there is no such depth. */
const homeOf = (file: string): string =>
  /^(packages|services)\/[^/]+/.exec(file)?.[0] ?? file.slice(0, Math.max(0, file.indexOf('/')))

/** All the ways in which the table may name an import. */
function namesOf({ specifier, typeOnly }: Import, file: string, packages: ReadonlyMap<string, string>): string[] {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier)
    const name = `./${posix.relative(`${homeOf(file)}/src`, target)}`
    return typeOnly ? [`type ${name}`, name] : [name]
  }
  const folder = packages.get(
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  )
  const service = folder?.startsWith('services/') ? ['a service'] : []
  const another = service.length > 0 && folder !== homeOf(file) ? ['another service'] : []
  const names = [specifier, ...service, ...another]
  return typeOnly ? names.flatMap((name) => [`type ${name}`, name]) : names
}

function allowed(room: Room, names: readonly string[]): boolean {
  const listed = (patterns: readonly string[]) => names.some((name) => patterns.some((glob) => fits(name, glob)))
  return !listed(room.neverImports ?? []) && (room.mayImport === undefined || listed(room.mayImport))
}

/** Subpaths belong to their package: `mongodb` also means `mongodb/lib/x`; our own are doors of their own. */
function fits(name: string, pattern: string): boolean {
  if (pattern.includes('./')) return matchesGlob(name, pattern)
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1))
  return name === pattern || (!pattern.includes('@varai/') && name.startsWith(`${pattern}/`))
}

/** A relative path that leaves its package reaches behind another package's door. */
function strays(file: string, imports: readonly Import[]): Finding[] {
  return imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .filter(({ specifier }) => homeOf(posix.join(posix.dirname(file), specifier)) !== homeOf(file))
    .map(({ specifier, line }) => ({
      ...{ file, line, room: 'own package', problem: `imports ${specifier}` },
      why: 'another package is imported by its name, through what it exports',
    }))
}

function namelessFile(file: string): Finding[] {
  const empty = /(^|[/.-])(utils?|helpers?|common|misc|managers?)(?=[/.-])/.exec(file)?.[2]
  const why = 'a file is named by its verb or by the noun it owns; such a name says neither'
  return empty === undefined ? [] : [{ file, line: 1, room: 'names', problem: `is called ${empty}`, why }]
}
