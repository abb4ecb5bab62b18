import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { cached, isCached } from '../install/cache.ts'
import { downloadArtifact } from '../install/maven.ts'
import { askTool } from '../install/run-tool.ts'
import type { Installed, Recipe, Site } from './recipe.ts'

const jarVersion = '1.4.3'
const cacheName = `redis-server-${jarVersion}-${process.platform}-${process.arch}`

/** The jar's file for this machine, which carries builds of redis-server 6.2 for several. */
const builds: Record<string, RegExp> = {
  'linux-x64': /^redis-server-6.*linux-amd64$/,
  'linux-arm64': /^redis-server-6.*linux-arm64$/,
  'darwin-x64': /^redis-server-6.*darwin-amd64$/,
  'darwin-arm64': /^redis-server-6.*darwin-arm64$/,
}

/** `redis-server` where there is one, else the build inside the embedded-redis jar. */
export const redisRecipe: Recipe = {
  readyWithinMs: 20_000,
  stopWithinMs: 10_000,
  needs: async (site) =>
    (await versionOnPath(site)) !== undefined || (await isCached(site.cacheDir, cacheName)) ? [] : ['maven', 'java'],
  async install(site) {
    const found = await versionOnPath(site)
    if (found !== undefined) return installed('redis-server', `redis-server ${found} on PATH`)
    const folder = await cached(site.cacheDir, cacheName, (dir) => unpack(site, dir))
    return installed(join(folder, 'redis-server'), 'redis-server 6.2')
  },
}

const versionOnPath = async (site: Site) =>
  /v=(\S+)/.exec((await askTool('redis-server', ['--version'], site.env)) ?? '')?.[1]

async function unpack(site: Site, dir: string): Promise<void> {
  const build = builds[`${process.platform}-${process.arch}`]
  if (build === undefined)
    throw new Error(`no redis-server for ${process.platform}-${process.arch}: install one on PATH`)
  site.report('installing', 'downloading redis-server 6.2 (about 13 MB, once)')
  const doing = 'downloading redis-server 6.2'
  await downloadArtifact(`com.github.codemonstur:embedded-redis:${jarVersion}`, dir, { ...site, doing })
  const jar = join(dir, `embedded-redis-${jarVersion}.jar`)
  const [program] = Object.values(unzipSync(await readFile(jar), { filter: ({ name }) => build.test(name) }))
  if (program === undefined) throw new Error(`${jar} carries no redis-server for this machine`)
  await rm(jar)
  await writeFile(join(dir, 'redis-server'), program)
  await chmod(join(dir, 'redis-server'), 0o755)
}

const installed = (command: string, detail: string): Installed => ({
  detail,
  async launch(dataDir, pickPort) {
    const port = await pickPort('redis')
    return {
      command,
      args: [
        ...['--bind', '127.0.0.1', '--port', String(port), '--dir', dataDir, '--daemonize', 'no'],
        ...['--appendonly', 'yes', '--save', ''],
      ],
      ready: () => pongs(port),
      address: (pid) => ({ redis: { url: `redis://127.0.0.1:${port}`, pid } }),
      listens: `127.0.0.1:${port}`,
    }
  },
})

/** While it still loads its data it answers `-LOADING`. */
const pongs = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write('PING\r\n'))
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.setTimeout(1_000, () => answer(false))
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG')))
    socket.once('error', () => answer(false))
  })
