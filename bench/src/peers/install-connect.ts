import { join } from 'node:path'
import { cached, downloadWithDependencies, ensureTools, findCacheDir, type Report } from '@varai/dev-stack/install'

const connect = '4.1.0'
const sink = '2.0.1'
/** The newest converter for Kafka Connect that Maven Central has complete; newer registries still serve its API. */
const converter = '2.5.11.Final'

export type ConnectJars = {
  /** Folder of the jars of Kafka Connect itself. */
  readonly libs: string
  /** Folder with a folder for each plugin: the sink and the Avro converter, each with a class loader of its own. */
  readonly plugins: string
}

/** Downloads Kafka Connect, MongoDB's sink and Apicurio's Avro converter from Maven Central, once for all clones. */
export async function installConnect(options: {
  readonly stateDir: string
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}): Promise<ConnectJars> {
  const { stateDir, signal, progress } = options
  const env = process.env
  const report: Report = (_kind, text) => progress(`Kafka Connect: ${text}`)
  const cacheDir = await findCacheDir(env, stateDir)
  const home = await cached(cacheDir, `kafka-connect-${connect}-mongodb-${sink}`, async (dir) => {
    await ensureTools(['java', 'maven'], env, report, signal)
    const doing = `downloading Kafka Connect ${connect} and the MongoDB sink ${sink}`
    report('installing', `${doing} (about 70 MB, once)`)
    const download = { doing, env, report, signal }
    const plugins = join(dir, 'plugins')
    await downloadWithDependencies(
      [
        `org.apache.kafka:connect-runtime:${connect}`,
        `org.apache.kafka:connect-json:${connect}`,
        'org.slf4j:slf4j-simple:1.7.36',
      ],
      join(dir, 'libs'),
      download,
    )
    await downloadWithDependencies(
      [`org.mongodb.kafka:mongo-kafka-connect:${sink}`],
      join(plugins, 'mongodb'),
      download,
    )
    await downloadWithDependencies(
      [
        `io.apicurio:apicurio-registry-utils-converter:${converter}`,
        `io.apicurio:apicurio-registry-serdes-avro-serde:${converter}`,
      ],
      join(plugins, 'apicurio'),
      download,
    )
  })
  return { libs: join(home, 'libs'), plugins: join(home, 'plugins') }
}
