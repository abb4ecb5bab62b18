import type { EntityType, Lane, Platform } from './event-table.ts'

const day = 24 * 60 * 60 * 1000

/** Services that read the lanes, each with a group per lane and a replay topic of its own. */
export type LaneService = 'sync-core' | 'analytics' | 'ml-collector'
export const laneServices: readonly LaneService[] = ['sync-core', 'analytics', 'ml-collector']
export const platforms: readonly Platform[] = ['shopify', 'woocommerce', 'magento', 'html']

export type TopicDefinition = {
  name: string
  /** What the record key means. */
  key: string
  /** How long records stay, in ms. */
  retentionMs: number
  /** Partitions when nothing else is configured. */
  partitions: number
  /** Further broker settings by their Kafka names. */
  config: Readonly<Record<string, string>>
  readBy: readonly string[]
}

export const laneTopic = (lane: Lane): string => `varai.events.${lane}`
export const replayTopic = (service: LaneService): string => `varai.replay.${service}`
export const fetchTopic = (platform: Platform): string => `varai.fetch.${platform}`
/** What the services of platforms read from a store when they are asked over the topic of fetches. */
const readable: Readonly<Record<Platform, readonly EntityType[]>> = {
  shopify: ['order'],
  woocommerce: ['order', 'product', 'customer'],
  magento: [],
  // a page, or a server of the store's own, that tells and is not asked
  html: [],
}
export const isReadable = (platform: Platform, entityType: string): boolean =>
  readable[platform].some((known) => known === entityType)
export const writeBackTopic = (platform: Platform): string => `varai.write-back.${platform}`
export const retryTopic = (service: string, step: string): string => `varai.retry.${service}.${step}`
export const changesTopic = 'varai.changes'
export const deadLetterTopic = 'varai.dead-letters'
export const privacyTopic = 'varai.privacy'
export const privacyConfirmationsTopic = 'varai.privacy-confirmations'

/** Group of one service on one lane: each scales by itself. */
export const laneGroup = (service: LaneService, lane: Lane): string => `${service}.${lane}`
export const replayGroup = (service: LaneService): string => `${service}.replay`

const lane = (name: Lane): TopicDefinition => ({
  name: laneTopic(name),
  key: 'merchant|entity type|platform|store|entity id',
  retentionMs: 30 * day,
  partitions: 12,
  // LogAppendTime: a store with a wrong clock must not make the broker delete its events, or keep them for ever.
  config: { 'message.timestamp.type': 'LogAppendTime', 'segment.ms': String(day) },
  readBy: laneServices.map((service) => laneGroup(service, name)),
})

const topic = (
  name: string,
  key: string,
  days: number,
  partitions: number,
  readBy: readonly string[],
): TopicDefinition => ({
  name,
  key,
  retentionMs: days * day,
  partitions,
  config: {},
  readBy,
})

/** Takes a record that is as large as a lane's largest, with what is said about it in headers. */
const whole = (definition: TopicDefinition): TopicDefinition => ({
  ...definition,
  config: { ...definition.config, 'max.message.bytes': String(2 * 1024 * 1024) },
})

/** Every topic of the system; a tool creates them from here, brokers never do by themselves. */
export const topicCatalogue: readonly TopicDefinition[] = [
  lane('high'),
  lane('medium'),
  lane('low'),
  ...laneServices.map((service) => topic(replayTopic(service), 'as in the lanes', 7, 12, [replayGroup(service)])),
  topic(changesTopic, 'document id', 30, 12, ['conflicts', 'reporting', 'ingest-<platform>.write-back']),
  ...platforms.map((platform) => topic(fetchTopic(platform), 'as in the lanes', 1, 3, [`ingest-${platform}.fetch`])),
  ...platforms.map((platform) =>
    topic(writeBackTopic(platform), 'store|document id', 7, 3, [`ingest-${platform}.write-back`]),
  ),
  whole(topic(retryTopic('sync-core', 'apply'), 'as the record', 7, 3, ['sync-core.retry'])),
  whole(topic(retryTopic('analytics', 'count'), 'as the record', 7, 3, ['analytics.retry'])),
  whole(topic(retryTopic('ml-collector', 'collect'), 'as the record', 7, 3, ['ml-collector.retry'])),
  topic(retryTopic('ingest-shopify', 'fetch'), 'as the record', 7, 3, ['ingest-shopify.retry']),
  topic(retryTopic('ingest-woocommerce', 'fetch'), 'as the record', 7, 3, ['ingest-woocommerce.retry']),
  topic(retryTopic('ingest-magento', 'fetch'), 'as the record', 7, 3, ['ingest-magento.retry']),
  whole(topic(deadLetterTopic, 'as the record', 30, 3, ['console', 'varai dlq'])),
  topic(
    ...([privacyTopic, 'subject reference', 90, 3] as const),
    laneServices.map((service) => `${service}.privacy`),
  ),
  topic(privacyConfirmationsTopic, 'subject reference', 90, 3, ['sync-core.confirmations']),
]
