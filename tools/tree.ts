// What must not lie in the repository, and what must.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ownFiles, root } from './repository.ts'

const problems = ['LICENSE', 'README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'pnpm-lock.yaml']
  .filter((file) => !existsSync(join(root, file)))
  .map((file) => `${file} is missing`)
/** Lock files of other package managers install something else than pnpm's does. */
for (const file of ownFiles('*package-lock.json', '*yarn.lock', '*npm-shrinkwrap.json'))
  problems.push(`${file}: remove it`)
/** Paths of the machine someone works on, and addresses in the lock file, hold on no other machine. */
const local = [`${root}/`, `${homedir()}/`]
for (const file of ownFiles()) {
  const text = readFileSync(join(root, file), 'utf8')
  const path = local.find((one) => one !== '//' && text.includes(one))
  if (path !== undefined) problems.push(`${file}: names ${path}, a path of this machine`)
}
if (/https?:|tarball:/.test(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')))
  problems.push('pnpm-lock.yaml names the address of a registry: install without one configured for a single package')
for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)
