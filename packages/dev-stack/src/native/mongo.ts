import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultDatabase, pings } from '../environment.ts'
import { cached, isCached } from '../install/cache.ts'
import { askTool, runTool } from '../install/run-tool.ts'
import { accepts } from '../process/port.ts'
import { becomesReplicaSet } from '../replica-set.ts'
import type { Installed, Recipe, Site } from './recipe.ts'
import { secantusRust, secantusRustNeeds } from './secantus-rust.ts'

const version = '0.7.0b3'
const replicaSet = 'varai'
const urlOf = (port: number) => `mongodb://127.0.0.1:${port}/?directConnection=true`

/** What measures writes does so with the faster server, which takes long to build: `VARAI_MONGO_SERVER=secantus-rust`. */
const wantsRust = ({ env }: Site) => env['VARAI_MONGO_SERVER'] === 'secantus-rust'

/** `mongod` where there is one, else SecantusDB, which speaks its protocol and comes as a Python package. */
export const mongoRecipe: Recipe = {
  readyWithinMs: 60_000,
  stopWithinMs: 15_000,
  async needs(site) {
    if (wantsRust(site)) return secantusRustNeeds(site)
    if ((await mongodVersion(site.env)) !== undefined) return []
    const folder = await secantusFolder(site)
    return folder !== undefined && (await isCached(site.cacheDir, folder)) ? [] : ['python', 'venv']
  },
  async install(site) {
    if (wantsRust(site)) return secantusRust(site)
    const mongod = await mongodVersion(site.env)
    return mongod === undefined ? secantus(site) : ownMongod(mongod)
  },
}

/** That of the mongod on PATH; undefined where there is none. */
export const mongodVersion = async (env: NodeJS.ProcessEnv): Promise<string | undefined> =>
  /db version v(\S+)/.exec((await askTool('mongod', ['--version'], env)) ?? '')?.[1]

const ownMongod = (found: string): Installed => ({
  detail: `mongod ${found} on PATH`,
  async launch(dataDir, pickPort) {
    const port = await pickPort('mongo')
    await mkdir(join(dataDir, 'mongod'), { recursive: true })
    return {
      command: 'mongod',
      args: [
        ...['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', join(dataDir, 'mongod')],
        ...['--replSet', replicaSet, '--wiredTigerCacheSizeGB', '0.5', '--quiet'],
      ],
      ready: async () =>
        (await accepts('127.0.0.1', port)) && becomesReplicaSet(urlOf(port), replicaSet, `127.0.0.1:${port}`),
      address: (pid) => ({ mongo: { url: urlOf(port), database: defaultDatabase, pid } }),
      listens: `127.0.0.1:${port}`,
    }
  },
})

/** Compiled modules fit one Python only, and a virtual environment one place of it. */
async function secantusFolder(site: Site): Promise<string | undefined> {
  const ask = 'import sys; print(sys.implementation.cache_tag, sys.base_prefix)'
  const [tag, prefix] = (await askTool('python3', ['-c', ask], site.env))?.trim().split(' ', 2) ?? []
  if (tag === undefined || prefix === undefined) return undefined
  const place = createHash('sha256').update(prefix).digest('hex').slice(0, 8)
  return `secantusdb-${version}-${tag}-${process.platform}-${process.arch}-${place}`
}

async function secantus(site: Site): Promise<Installed> {
  const folder = await secantusFolder(site)
  if (folder === undefined) throw new Error('python3 does not answer')
  const venv = await cached(site.cacheDir, folder, async (dir) => {
    site.report('installing', `downloading SecantusDB ${version} (about 145 MB unpacked, once)`)
    const tool = { ...site, cwd: dir, doing: `installing SecantusDB ${version}` }
    await runTool({ ...tool, command: 'python3', args: ['-m', 'venv', dir] })
    const pip = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--retries', '5']
    const watch = (line: string) => /^\s*(?:Collecting|Downloading) (\S+)/.exec(line)?.[1]
    await runTool({ ...tool, watch, command: join(dir, 'bin', 'python'), args: [...pip, `SecantusDB==${version}`] })
  })
  return {
    detail: `SecantusDB ${version}`,
    async launch(dataDir, pickPort) {
      const port = await pickPort('mongo')
      // Otherwise it would read settings from the working directory, the home folder or /etc.
      const config = join(dataDir, 'secantusd.toml')
      await writeFile(config, '')
      return {
        // As a module: the command that pip wrote names the folder the environment was made in, before it was renamed.
        command: join(venv, 'bin', 'python'),
        args: [
          ...['-m', 'secantus', '--config', config, '--host', '127.0.0.1', '--port', String(port)],
          ...['--storage-path', join(dataDir, 'secantus'), '--cache-size', '256M', '--log-level', 'INFO'],
          // Without it a SIGKILL loses what was acknowledged in the last instant, which a mongod in a replica set never
          // does: it acknowledges after its journal. Costs half the writes per second.
          '--sync-on-commit',
        ],
        ready: async () => (await accepts('127.0.0.1', port)) && pings(urlOf(port)),
        address: (pid) => ({ mongo: { url: urlOf(port), database: defaultDatabase, pid } }),
        listens: `127.0.0.1:${port}`,
      }
    },
  }
}
