import { type KafkaConnection, withAdmin } from './connection.ts'
import { offsetsOf } from './topics.ts'

/**
 * Makes a group read topics again from their oldest records. Rejects while the group has members: stop its processes
 * first. `group` and `topics` are names of the catalogue.
 */
export async function resetGroup(
  kafka: KafkaConnection,
  group: string,
  topics: readonly string[],
  to: 'earliest',
): Promise<void> {
  const groupId = kafka.named(group)
  const offsets = await withAdmin(kafka, async (admin) => {
    const { groups } = await admin.describeGroups([groupId])
    const state = groups[0]?.state
    if (state !== 'Empty' && state !== 'Dead') {
      throw new Error(`the group ${group} has members (${state}): stop its processes before setting it to ${to}`)
    }
    const found = await Promise.all(
      topics.map(async (topic) =>
        (await offsetsOf(kafka, admin, topic)).map(({ partition, earliest }) => ({
          topic: kafka.named(topic),
          partition,
          offset: earliest.toString(),
        })),
      ),
    )
    return found.flat()
  })
  await commitAs(kafka, groupId, offsets)
}

/** Commits as the group's only member; kafkajs' own way takes 5 s for each topic. */
async function commitAs(
  kafka: KafkaConnection,
  groupId: string,
  offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: string }[],
): Promise<void> {
  const consumer = kafka.client.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 })
  const joined = Promise.withResolvers<void>()
  consumer.on(consumer.events.GROUP_JOIN, () => joined.resolve())
  consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
    if (!restart) joined.reject(error)
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topics: [...new Set(offsets.map(({ topic }) => topic))], fromBeginning: true })
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} })
    await joined.promise
    await consumer.commitOffsets([...offsets])
  } finally {
    await consumer.disconnect()
  }
}
