import { randomBytes } from 'node:crypto'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cached, isCached } from '../install/cache.ts'
import { downloadWithDependencies } from '../install/maven.ts'
import { runTool } from '../install/run-tool.ts'
import { javaCommand } from '../install/tools.ts'
import { brokerSettings } from '../kafka-settings.ts'
import { logSays } from '../process/log-tail.ts'
import { accepts } from '../process/port.ts'
import type { Recipe, Site } from './recipe.ts'

const version = '4.1.0'
const cacheName = `kafka-${version}`

/** Kafka in KRaft mode, broker and controller in one JVM, from its Maven jars. */
export const kafkaRecipe: Recipe = {
  readyWithinMs: 90_000,
  stopWithinMs: 15_000,
  needs: async (site) => ((await isCached(site.cacheDir, cacheName)) ? ['java'] : ['java', 'maven']),
  async install(site) {
    const libs = await cached(site.cacheDir, cacheName, async (dir) => {
      site.report('installing', `downloading Kafka ${version} (about 43 MB, once)`)
      const jars = [`org.apache.kafka:kafka_2.13:${version}`, 'org.slf4j:slf4j-simple:1.7.36'] as const
      await downloadWithDependencies(jars, dir, { ...site, doing: `downloading Kafka ${version}` })
    })
    const java = (heap: string, ...args: string[]) => [
      `-Xmx${heap}`,
      '-XX:+UseSerialGC', // one small heap: the parallel collectors only cost threads and start-up time
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info', // says "Kafka Server started"
      ...['-cp', join(libs, '*')],
      ...args,
    ]
    return {
      detail: `Kafka ${version}`,
      async launch(dataDir, pickPort) {
        const [port, controllerPort] = [await pickPort('kafka'), await pickPort('kafka-controller')]
        const file = join(dataDir, 'server.properties')
        const logDir = join(dataDir, 'log')
        await mkdir(logDir, { recursive: true })
        await writeFile(file, propertiesOf(port, controllerPort, logDir))
        if (!(await isFormatted(logDir))) await format(site, java('128m', '-XX:TieredStopAtLevel=1'), file, dataDir)
        return {
          command: javaCommand(site.env),
          args: java('512m', 'kafka.Kafka', file),
          // It accepts connections a little before it serves them; the line comes when it does.
          ready: async (log) =>
            (await logSays(log.file, log.from, 'Kafka Server started')) && (await accepts('127.0.0.1', port)),
          address: (pid) => ({ kafka: { brokers: [`127.0.0.1:${port}`], pid } }),
          listens: `127.0.0.1:${port}`,
        }
      },
    }
  },
}

const propertiesOf = (port: number, controllerPort: number, logDir: string): string =>
  Object.entries({
    ...brokerSettings,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': logDir.replaceAll('\\', '\\\\'),
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

/** The tool writes meta.properties last, so a format that was cut short is made again. */
const isFormatted = (logDir: string) =>
  access(join(logDir, 'meta.properties')).then(
    () => true,
    () => false,
  )

async function format(site: Site, java: string[], file: string, cwd: string): Promise<void> {
  const args = [...java, 'kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', newClusterId(), '-c', file]
  const doing = 'preparing the data folder'
  await runTool({ ...site, command: javaCommand(site.env), args, cwd, doing })
}

/** Kafka's form of a UUID: 16 bytes in URL-safe base64 (22 characters); a leading dash would look like an option. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newClusterId() : id
}
