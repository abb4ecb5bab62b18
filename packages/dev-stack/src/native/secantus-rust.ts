import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultDatabase, pings } from '../environment.ts'
import { cached, isCached } from '../install/cache.ts'
import { runTool } from '../install/run-tool.ts'
import type { ToolName } from '../install/tools.ts'
import { accepts } from '../process/port.ts'
import type { Installed, Site } from './recipe.ts'

const version = '0.5.3-beta.196'
const name = `secantus-mdb-${version}-${process.platform}-${process.arch}`
const urlOf = (port: number) => `mongodb://127.0.0.1:${port}/?directConnection=true`

export const secantusRustNeeds = async ({ cacheDir }: Pick<Site, 'cacheDir'>): Promise<ToolName[]> =>
  (await isCached(cacheDir, name)) ? [] : ['cargo', 'cmake', 'cc']

/**
 * Builds SecantusDB's Rust server, which no registry has ready-made: once for all clones, about 11 minutes on 2 cores,
 * at a low priority so that the machine stays usable. What an interrupted build had done is kept for a day. Resolves
 * with the program's path.
 */
export async function buildSecantusRust(site: Omit<Site, 'stateDir'>): Promise<string> {
  const home = await cached(site.cacheDir, name, async (dir) => {
    const doing = `building SecantusDB's Rust server ${version}`
    site.report('installing', `${doing} (about 11 minutes, once)`)
    let crates = 0
    const watch = (line: string) => (/^\s*Compiling /.test(line) ? `${++crates} crates` : undefined)
    const target = join(site.cacheDir, '.partial', `${name}-target`)
    // It asks for a compiler newer than it needs.
    const crate = ['secantus-mdb', '--version', version, '--locked', '--ignore-rust-version']
    const args = ['-n', '10', 'cargo', 'install', ...crate, '--root', dir, '--target-dir', target]
    await runTool({ ...site, command: 'nice', args, cwd: dir, doing, watch })
    await rm(target, { recursive: true, force: true })
  })
  return join(home, 'bin', 'secantusd-rs')
}

export async function secantusRust(site: Site): Promise<Installed> {
  const command = await buildSecantusRust(site)
  return {
    detail: `SecantusDB's Rust server ${version} with --sync-on-commit`,
    async launch(dataDir, pickPort) {
      const port = await pickPort('mongo')
      // Otherwise it would read settings from the working directory, the home folder or /etc.
      const config = join(dataDir, 'secantusd.toml')
      await writeFile(config, '')
      return {
        command,
        args: [
          ...['--config', config, '--host', '127.0.0.1', '--port', String(port)],
          ...['--storage-path', join(dataDir, 'secantus-rust'), '--cache-size', '1G', '--log-level', 'WARNING'],
          // What is acknowledged is on the disk, as with a mongod.
          '--sync-on-commit',
        ],
        ready: async () => (await accepts('127.0.0.1', port)) && pings(urlOf(port)),
        address: (pid) => ({ mongo: { url: urlOf(port), database: defaultDatabase, pid } }),
        listens: `127.0.0.1:${port}`,
      }
    },
  }
}
