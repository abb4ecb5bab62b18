import type { Logger } from '@varai/runtime'
import { type Admin, Kafka, logLevel } from 'kafkajs'
import { createKafkaLog } from './kafka-log.ts'

/** PEM texts; `{}` or `true` is TLS with the system's certificate authorities. */
export type KafkaTls = { readonly ca?: string; readonly cert?: string; readonly key?: string }
export type KafkaSasl = {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}

export type KafkaConfig = {
  /** host:port of some brokers; the others are found through them. */
  readonly brokers: readonly string[]
  /** Names this process in the brokers' logs and quotas. */
  readonly clientId: string
  readonly ssl?: boolean | KafkaTls
  readonly sasl?: KafkaSasl
  /** Put before every topic and group name, so that several environments share one cluster. Default none. */
  readonly topicPrefix?: string
}

export type KafkaConnection = {
  /** For this package alone: nothing else knows kafkajs. */
  readonly client: Kafka
  /** The name on the cluster of a topic or a group of the catalogue. */
  named(name: string): string
  /** The catalogue's name of a topic or group on the cluster; undefined for one of another environment. */
  unnamed(onCluster: string): string | undefined
  readonly log: Logger
}

/** Retries below a caller's own: enough for a broker that restarts, short enough that callers hear of an outage. */
const retry = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 6 }

/** Describes a cluster; connections are made by what uses it. */
export function createKafka(config: KafkaConfig, log: Logger): KafkaConnection {
  const prefix = config.topicPrefix ?? ''
  const { ssl, sasl } = config
  const client = new Kafka({
    brokers: [...config.brokers],
    clientId: config.clientId,
    ...(ssl === undefined || ssl === false ? {} : { ssl: ssl === true ? true : { ...ssl } }),
    ...(sasl === undefined ? {} : { sasl: saslOf(sasl) }),
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry,
    logLevel: logLevel.INFO,
    logCreator: createKafkaLog(log),
  })
  return {
    client,
    log,
    named: (name) => prefix + name,
    unnamed: (onCluster) => (onCluster.startsWith(prefix) ? onCluster.slice(prefix.length) : undefined),
  }
}

/** kafkajs wants the mechanism as a literal of each variant. */
function saslOf({ mechanism, username, password }: KafkaSasl) {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password }
    case 'scram-sha-256':
      return { mechanism, username, password }
    case 'scram-sha-512':
      return { mechanism, username, password }
  }
}

/** Connects as an administrator for the length of `work`. */
export async function withAdmin<T>(kafka: KafkaConnection, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.client.admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}
