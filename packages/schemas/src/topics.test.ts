import { expect, test } from 'vitest'
import { lanes } from './event-table.ts'
import {
  changesTopic,
  deadLetterTopic,
  fetchTopic,
  laneGroup,
  laneServices,
  laneTopic,
  platforms,
  privacyConfirmationsTopic,
  privacyTopic,
  replayGroup,
  replayTopic,
  retryTopic,
  topicCatalogue,
  writeBackTopic,
} from './topics.ts'

const names = topicCatalogue.map((topic) => topic.name)
const day = 86_400_000

test('every name that code can ask for is in the catalogue, once, and nothing else is', () => {
  const asked = [
    ...lanes.map(laneTopic),
    ...laneServices.map(replayTopic),
    ...platforms.flatMap((platform) => [fetchTopic(platform), writeBackTopic(platform)]),
    retryTopic('sync-core', 'apply'),
    retryTopic('analytics', 'count'),
    retryTopic('ml-collector', 'collect'),
    retryTopic('ingest-shopify', 'fetch'),
    retryTopic('ingest-woocommerce', 'fetch'),
    retryTopic('ingest-magento', 'fetch'),
    changesTopic,
    deadLetterTopic,
    privacyTopic,
    privacyConfirmationsTopic,
  ]
  expect([...names].sort()).toEqual([...asked].sort())
  expect(new Set(names).size).toBe(names.length)
})

test.each(topicCatalogue)('$name is a legal Kafka topic with time to keep and someone who reads it', (topic) => {
  expect(topic.name).toMatch(/^varai\.[a-z0-9.-]{1,240}$/)
  expect(topic.retentionMs).toBeGreaterThanOrEqual(day)
  expect(topic.partitions).toBeGreaterThan(0)
  expect(topic.readBy).not.toEqual([])
})

test('lanes keep 30 days by the time of the log, so that a wrong clock in a store deletes nothing', () => {
  for (const lane of lanes) {
    const topic = topicCatalogue.find(({ name }) => name === laneTopic(lane))
    expect(topic?.retentionMs).toBe(30 * day)
    expect(topic?.config).toEqual({ 'message.timestamp.type': 'LogAppendTime', 'segment.ms': String(day) })
    expect(topic?.readBy).toEqual(laneServices.map((service) => laneGroup(service, lane)))
  }
})

test('a replay has as many partitions as a lane, so that a key keeps its order there', () => {
  const partitions = (name: string) => topicCatalogue.find((topic) => topic.name === name)?.partitions
  for (const service of laneServices) {
    expect(partitions(replayTopic(service))).toBe(partitions(laneTopic('high')))
    expect(topicCatalogue.find(({ name }) => name === replayTopic(service))?.readBy).toEqual([replayGroup(service)])
  }
})
