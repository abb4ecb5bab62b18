import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where the repository lies on this machine. */
export const root = join(import.meta.dirname, '..')

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  devEngines: { packageManager: { version: string } }
}
/** What `npx` needs to run the pnpm that the lock file was written with. */
export const pnpm = `pnpm@${manifest.devEngines.packageManager.version}`

/** The repository's own files that match a git pathspec, committed or about to be, as paths from the root. */
export function ownFiles(...patterns: readonly string[]): string[] {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate', '--', ...patterns]
  const output = execFileSync('git', list, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return output.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
}

/** Folder, from the root, of every package of ours by its name. */
export function ownPackages(): Map<string, string> {
  const folders = ['packages', 'services'].flatMap((shelf) =>
    existsSync(join(root, shelf)) ? readdirSync(join(root, shelf)).map((name) => `${shelf}/${name}`) : [],
  )
  return new Map(
    [...folders, 'demo', 'acceptance', 'bench']
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => [nameIn(folder), folder]),
  )
}

function nameIn(folder: string): string {
  const { name } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as { name: string }
  return name
}
