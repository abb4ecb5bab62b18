import { randomUUID } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

const aDay = 24 * 60 * 60 * 1000

/**
 * Where downloads are kept: `VARAI_CACHE_DIR`, else the user's cache folder, which all clones share, else (where a home
 * cannot be written to) inside the state folder.
 */
export async function findCacheDir(env: NodeJS.ProcessEnv, stateDir: string): Promise<string> {
  const wished = env['VARAI_CACHE_DIR']
  if (wished) {
    await mkdir(wished, { recursive: true })
    return wished
  }
  const users = join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'varai-sync')
  try {
    await mkdir(users, { recursive: true })
    await access(users, 2 /* W_OK */)
    return users
  } catch {
    const own = join(stateDir, 'cache')
    await mkdir(own, { recursive: true })
    return own
  }
}

export const isCached = (cacheDir: string, name: string): Promise<boolean> =>
  access(join(cacheDir, name)).then(
    () => true,
    () => false,
  )

/**
 * The folder `<cacheDir>/<name>`, made by `make` unless it is there. It appears whole or not at all: `make` fills a
 * folder beside it that is renamed at the end, so what an interrupted download left is never taken for the real thing.
 * Two processes may do this at once; the later one's result is thrown away.
 */
export async function cached(cacheDir: string, name: string, make: (dir: string) => Promise<void>): Promise<string> {
  const whole = join(cacheDir, name)
  if (await isCached(cacheDir, name)) return whole
  const partial = join(cacheDir, '.partial')
  await clearAbandoned(partial)
  const dir = join(partial, `${name}-${randomUUID()}`)
  await mkdir(dir, { recursive: true })
  try {
    await make(dir)
    await rename(dir, whole).catch(async (error: unknown) => {
      if (!(await isCached(cacheDir, name))) throw error
    })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
  return whole
}

async function clearAbandoned(partial: string): Promise<void> {
  for (const name of await readdir(partial).catch(() => [])) {
    const dir = join(partial, name)
    const found = await stat(dir).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > aDay) await rm(dir, { recursive: true, force: true })
  }
}
