// Behind tools/run.mjs: one command, one file. By now the packages are installed and this is Node 24.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './repository.ts'

const commands = {
  start: { file: 'demo/src/main.ts', about: 'the whole system on this machine, with a simulated shop' },
  test: {
    file: 'tools/test.ts',
    about: 'all tests on the real stack; arguments go to vitest (--project unit, a file name)',
  },
  check: {
    file: 'tools/check.ts',
    about: 'format, lint, types, rooms, dead code, contract, deployment; name steps to run only those',
  },
  acceptance: { file: 'acceptance/src/main.ts', about: 'what the system must show, with figures' },
  bench: { file: 'bench/src/main.ts', about: 'measurements against peers' },
  varai: { file: 'packages/cli/src/main.ts', about: "the operators' command line" },
} as const

const [name = 'help', ...rest] = process.argv.slice(2)
if (name === 'help' || !Object.hasOwn(commands, name)) {
  if (name !== 'help') console.error(`There is no command ${JSON.stringify(name)}.`)
  const listed = Object.entries(commands).map(([command, { about }]) => `  ${command.padEnd(12)}${about}`)
  console.error(`node tools/run.mjs <command> [arguments]\n\n${listed.join('\n')}`)
  process.exit(name === 'help' ? 0 : 2)
}
const { file } = commands[name as keyof typeof commands]
const path = join(root, file)
if (!existsSync(path)) {
  console.error(`${name} has no program yet: ${file} does not exist.`)
  process.exit(2)
}
// Imported, not spawned: a process less between Ctrl-C and the program that has to stop in order.
process.argv = [process.execPath, path, ...rest]
await import(pathToFileURL(path).href)
