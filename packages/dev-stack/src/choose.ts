import type { Choice, Component, How } from './addresses.ts'

export const variables = {
  kafka: 'VARAI_KAFKA_BROKERS',
  registry: 'VARAI_REGISTRY_URL',
  mongo: 'VARAI_MONGO_URL',
  redis: 'VARAI_REDIS_URL',
} as const satisfies Record<Component, string>

export const images = {
  kafka: 'apache/kafka:4.1.0',
  registry: 'apicurio/apicurio-registry:3.0.9',
  mongo: 'mongo:8',
  redis: 'redis:7',
} as const satisfies Record<Component, string>

/** How one component comes about, before anything was tried. */
export type Plan = { how: 'environment'; value: string; detail: string } | { how: 'docker' | 'native'; detail: string }

export type Circumstances = {
  env: NodeJS.ProcessEnv
  /** Whether a Docker engine answered (a client alone does not count). */
  docker: boolean
  /** Allows this way only. */
  mode?: How | undefined
}

/** An address in the environment, else Docker if its engine answers, else native; each component by itself. */
export function choose(component: Component, { env, docker, mode }: Circumstances): Plan {
  const name = variables[component]
  const value = env[name]?.trim() ?? ''
  switch (mode) {
    case 'environment':
      if (value === '') throw new Error(`${component}: only addresses from the environment are allowed: set ${name}`)
      return { how: 'environment', value, detail: name }
    case 'docker':
      if (!docker) throw new Error(`${component}: only Docker is allowed and no Docker engine answers: start one`)
      return { how: 'docker', detail: images[component] }
    case 'native':
      return { how: 'native', detail: '' }
    case undefined:
      if (value !== '') return { how: 'environment', value, detail: name }
      return docker ? { how: 'docker', detail: images[component] } : { how: 'native', detail: '' }
  }
}

/** One line for people: `native (Kafka 4.1.0)`. */
export const describeChoice = ({ how, detail }: Choice): string => (detail === '' ? how : `${how} (${detail})`)
