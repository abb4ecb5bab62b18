import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { extract } from 'tar'
import { cached, isCached } from '../install/cache.ts'
import { downloadArtifact } from '../install/maven.ts'
import { javaCommand } from '../install/tools.ts'
import type { Recipe } from './recipe.ts'

const version = '3.0.9' // the newest line that runs on Java 17
const cacheName = `apicurio-registry-${version}`
const archive = `apicurio-registry-app-${version}-all.tar.gz`

/** Apicurio registry with its Confluent-compatible API, its contents in an H2 file. */
export const registryRecipe: Recipe = {
  readyWithinMs: 90_000,
  stopWithinMs: 10_000,
  needs: async (site) => ((await isCached(site.cacheDir, cacheName)) ? ['java'] : ['java', 'maven']),
  async install(site) {
    const home = await cached(site.cacheDir, cacheName, async (dir) => {
      site.report('installing', `downloading Apicurio registry ${version} (about 109 MB, once)`)
      const doing = `downloading Apicurio registry ${version}`
      await downloadArtifact(`io.apicurio:apicurio-registry-app:${version}:tar.gz:all`, dir, { ...site, doing })
      await extract({ file: join(dir, archive), cwd: dir })
      await rm(join(dir, archive))
    })
    return {
      detail: `Apicurio registry ${version}`,
      async launch(dataDir, pickPort) {
        const port = await pickPort('registry')
        const url = `http://127.0.0.1:${port}/apis/ccompat/v7`
        return {
          command: javaCommand(site.env),
          // Compiling less costs a registry nothing and halves its start.
          args: [
            '-Xmx192m',
            '-XX:+UseSerialGC',
            '-XX:TieredStopAtLevel=1',
            '-jar',
            join(home, `apicurio-registry-app-${version}-runner.jar`),
          ],
          env: {
            QUARKUS_HTTP_HOST: '127.0.0.1',
            QUARKUS_HTTP_PORT: String(port),
            QUARKUS_HTTP_ACCESS_LOG_ENABLED: 'false',
            APICURIO_STORAGE_KIND: 'sql',
            APICURIO_STORAGE_SQL_KIND: 'h2',
            APICURIO_DATASOURCE_URL: `jdbc:h2:file:${join(dataDir, 'registry')}`,
          },
          ready: async () => {
            const answer = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(5_000) })
            await answer.arrayBuffer()
            return answer.ok
          },
          address: (pid) => ({ registry: { url, pid } }),
          listens: url,
        }
      },
    }
  },
}
