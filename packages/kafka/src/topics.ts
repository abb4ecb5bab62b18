import { setTimeout as after } from 'node:timers/promises'
import { type TopicDefinition, topicCatalogue } from '@varai/schemas'
import kafkajs, { type Admin } from 'kafkajs'
import { type KafkaConnection, withAdmin } from './connection.ts'

/** A setting of a topic on the cluster that is not what the catalogue says. */
export type DifferingTopic = {
  readonly topic: string
  readonly setting: string
  readonly expected: string
  readonly actual: string
}

export type EnsuredTopics = {
  readonly created: readonly string[]
  readonly existing: readonly string[]
  /** Reported, never changed: more partitions move keys, less retention deletes events. */
  readonly differing: readonly DifferingTopic[]
}

/** Creates what is missing of the catalogue. Safe to run at any time, by several at once. */
export async function ensureTopics(
  kafka: KafkaConnection,
  options: {
    /** For every topic, instead of the catalogue's numbers. */
    readonly partitions?: number
    /** The brokers' default unless told. */
    readonly replicationFactor?: number
    readonly catalogue?: readonly TopicDefinition[]
  } = {},
): Promise<EnsuredTopics> {
  const { partitions, replicationFactor = -1, catalogue = topicCatalogue } = options
  const wanted = catalogue.map((topic) => ({ ...topic, partitions: partitions ?? topic.partitions }))
  return withAdmin(kafka, async (admin) => {
    const there = new Set(await admin.listTopics())
    const [existing, missing] = [
      wanted.filter(({ name }) => there.has(kafka.named(name))),
      wanted.filter(({ name }) => !there.has(kafka.named(name))),
    ]
    const names = (topics: readonly TopicDefinition[]) => topics.map((topic) => topic.name)
    if (missing.length > 0) {
      await admin.createTopics({
        // kafkajs gives up waiting when a broker has not yet heard of a topic that is being made.
        waitForLeaders: false,
        topics: missing.map((topic) => ({
          topic: kafka.named(topic.name),
          numPartitions: topic.partitions,
          replicationFactor,
          configEntries: Object.entries(settingsOf(topic)).map(([name, value]) => ({ name, value })),
        })),
      })
      await untilLed(kafka, admin, names(missing))
    }
    const differing = existing.length === 0 ? [] : await compare(kafka, admin, existing)
    return { created: names(missing), existing: names(existing), differing }
  })
}

const notYet = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'])

/**
 * Resolves when the leader of every partition answers for it; rejects after 30 s. The metadata names leaders that do
 * not know of it yet.
 */
async function untilLed(kafka: KafkaConnection, admin: Admin, topics: readonly string[]): Promise<void> {
  const end = performance.now() + 30_000
  for (let open = [...topics]; open.length > 0; ) {
    const [topic = ''] = open
    try {
      await offsetsOf(kafka, admin, topic)
      open = open.slice(1)
    } catch (error) {
      const isEarly = error instanceof kafkajs.KafkaJSProtocolError && notYet.has(error.type)
      if (!isEarly || performance.now() > end) throw error
      await after(100)
    }
  }
}

const settingsOf = (topic: TopicDefinition): Record<string, string> => ({
  'retention.ms': String(topic.retentionMs),
  ...topic.config,
})

async function compare(
  kafka: KafkaConnection,
  admin: Admin,
  topics: readonly TopicDefinition[],
): Promise<DifferingTopic[]> {
  const onCluster = topics.map((topic) => kafka.named(topic.name))
  const [metadata, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics: onCluster }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((topic) => ({
        type: kafkajs.ConfigResourceTypes.TOPIC,
        name: kafka.named(topic.name),
        configNames: Object.keys(settingsOf(topic)),
      })),
    }),
  ])
  return topics.flatMap((topic) => {
    const name = kafka.named(topic.name)
    const partitions = metadata.topics.find((found) => found.name === name)?.partitions.length
    const entries = configs.resources.find((found) => found.resourceName === name)?.configEntries ?? []
    const expected = { partitions: String(topic.partitions), ...settingsOf(topic) }
    const actual = new Map(entries.map((entry) => [entry.configName, entry.configValue]))
    actual.set('partitions', String(partitions))
    return Object.entries(expected).flatMap(([setting, value]) => {
      const found = actual.get(setting) ?? ''
      return found === value ? [] : [{ topic: topic.name, setting, expected: value, actual: found }]
    })
  })
}

export type TopicInfo = {
  readonly name: string
  readonly partitions: readonly PartitionInfo[]
  /** Groups that read it, by name, with the records they have not committed yet. */
  readonly groups: readonly { readonly group: string; readonly lag: number }[]
}
export type PartitionInfo = {
  readonly partition: number
  /** Offset of the oldest record that is kept. */
  readonly earliest: bigint
  /** Offset that the next record will get. */
  readonly latest: bigint
}

/** The topics of the catalogue that exist, with what is in them and who reads them how far behind. */
export async function topicsInfo(kafka: KafkaConnection): Promise<TopicInfo[]> {
  return withAdmin(kafka, async (admin) => {
    const there = new Set(await admin.listTopics())
    const topics = topicCatalogue.filter(({ name }) => there.has(kafka.named(name)))
    const ends = new Map<string, PartitionInfo[]>()
    for (const { name } of topics) ends.set(name, await offsetsOf(kafka, admin, name))
    const groups = await groupLags(kafka, admin, topics, ends)
    return topics.map(({ name }) => ({
      name,
      partitions: ends.get(name) ?? [],
      groups: groups.flatMap(({ group, lags }) => {
        const lag = lags.get(name)
        return lag === undefined ? [] : [{ group, lag }]
      }),
    }))
  })
}

/** First and next offsets of a topic's partitions, in their order. */
export async function offsetsOf(kafka: KafkaConnection, admin: Admin, topic: string): Promise<PartitionInfo[]> {
  const offsets = await admin.fetchTopicOffsets(kafka.named(topic))
  return offsets
    .map(({ partition, low, high }) => ({ partition, earliest: BigInt(low), latest: BigInt(high) }))
    .sort((one, other) => one.partition - other.partition)
}

async function groupLags(
  kafka: KafkaConnection,
  admin: Admin,
  topics: readonly TopicDefinition[],
  ends: ReadonlyMap<string, readonly PartitionInfo[]>,
): Promise<{ group: string; lags: Map<string, number> }[]> {
  const { groups } = await admin.listGroups()
  const ours = groups.flatMap(({ groupId }) => kafka.unnamed(groupId) ?? []).sort()
  const found: { group: string; lags: Map<string, number> }[] = []
  for (const group of ours) {
    const lags = new Map<string, number>()
    const committed = await admin.fetchOffsets({
      groupId: kafka.named(group),
      topics: topics.map(({ name }) => kafka.named(name)),
    })
    for (const topic of topics) {
      const offsets = committed.find((of) => of.topic === kafka.named(topic.name))?.partitions ?? []
      const reads = topic.readBy.includes(group) || offsets.some(({ offset }) => BigInt(offset) >= 0n)
      if (!reads) continue
      let lag = 0n
      for (const { partition, earliest, latest } of ends.get(topic.name) ?? []) {
        const offset = BigInt(offsets.find((of) => of.partition === partition)?.offset ?? -1)
        // Without a commit, or with one whose records are gone, a group goes on from the oldest record.
        lag += latest - (offset < earliest ? earliest : offset)
      }
      lags.set(topic.name, Number(lag))
    }
    found.push({ group, lags })
  }
  return found
}
