import type { Component, Found } from '../addresses.ts'
import { images } from '../choose.ts'
import { answers, defaultDatabase } from '../environment.ts'
import { brokerSettings } from '../kafka-settings.ts'
import { becomesReplicaSet } from '../replica-set.ts'

/** All that is special about one component's container. */
export type ContainerPlan = {
  image: string
  env: Record<string, string>
  command: string[]
  /** Another than the image's own. */
  user?: string
  /** Inside the container. */
  port: number
  dataFolder: string
  address: Found
  listens: string
  ready: () => Promise<boolean>
}

const plans: Record<Component, (host: string, port: number) => ContainerPlan> = {
  kafka(host, port) {
    const address = { kafka: { brokers: [`${host}:${port}`] } }
    return {
      image: images.kafka,
      env: kafkaEnvironment(host, port),
      command: [],
      port: 9092,
      dataFolder: '/var/lib/kafka/data',
      address,
      listens: `${host}:${port}`,
      ready: () => answers(address),
    }
  },
  registry(host, port) {
    const url = `http://${host}:${port}/apis/ccompat/v7`
    return {
      image: images.registry,
      env: registryEnvironment,
      command: [],
      // A new volume belongs to root, and the image's own user could not write its database there.
      user: 'root',
      port: 8080,
      dataFolder: '/var/lib/registry',
      address: { registry: { url } },
      listens: url,
      ready: async () => (await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(5_000) })).ok,
    }
  },
  mongo(host, port) {
    const url = `mongodb://${host}:${port}/?directConnection=true`
    return {
      image: images.mongo,
      env: {},
      command: ['--replSet', 'varai', '--bind_ip_all', '--quiet'],
      port: 27017,
      dataFolder: '/data/db',
      address: { mongo: { url, database: defaultDatabase } },
      listens: `${host}:${port}`,
      ready: () => becomesReplicaSet(url, 'varai', '127.0.0.1:27017'),
    }
  },
  redis(host, port) {
    const address = { redis: { url: `redis://${host}:${port}` } }
    return {
      image: images.redis,
      env: {},
      command: ['redis-server', '--appendonly', 'yes', '--save', ''],
      port: 6379,
      dataFolder: '/data',
      address,
      listens: `${host}:${port}`,
      ready: () => answers(address),
    }
  },
}

export const planContainer = (component: Component, host: string, port: number): ContainerPlan =>
  plans[component](host, port)

/** The image turns `KAFKA_LOG_DIRS` into `log.dirs`, and so for every setting. */
function kafkaEnvironment(host: string, port: number): Record<string, string> {
  const settings = {
    ...brokerSettings,
    listeners: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
    'controller.quorum.voters': '1@localhost:9093',
    'log.dirs': '/var/lib/kafka/data',
  }
  const named = Object.entries(settings).map(([name, value]) => [
    `KAFKA_${name.replaceAll('.', '_').toUpperCase()}`,
    value,
  ])
  return { ...Object.fromEntries(named), KAFKA_HEAP_OPTS: '-Xmx512m' }
}

const registryEnvironment = {
  APICURIO_STORAGE_KIND: 'sql',
  APICURIO_STORAGE_SQL_KIND: 'h2',
  APICURIO_DATASOURCE_URL: 'jdbc:h2:file:/var/lib/registry/registry',
}
