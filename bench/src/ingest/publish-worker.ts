// One way of publishing, in a process of its own: `publish-worker.ts <ours | one-send | one-send-not-idempotent>`.
import { createCodec, createKafka, createPublisher, type Publisher } from '@varai/kafka'
import { createLog, kafkaSettings, parseConfig } from '@varai/runtime'
import { load, runLoad } from '../closed-loop.ts'
import { createOneSendPublisher } from '../peers/one-send-publisher.ts'
import { answerAsks } from '../worker.ts'
import { statedEvents } from './shop.ts'

const samples = 1_000

await answerAsks(load, async () => {
  const [, , way = ''] = process.argv
  const { kafka: config } = parseConfig(process.env, { kafka: kafkaSettings })
  const log = createLog({ service: 'bench', level: 'warn' })
  const codec = createCodec({ registryUrl: config.registryUrl, log })
  const publisher = publisherOf(way)
  await publisher.connect(['OrderStated'])
  const records = statedEvents('OrderStated', samples).flatMap(({ topic, key, ...event }) =>
    event.record === 'OrderStated'
      ? [{ topic, key: Buffer.from(key), bytes: codec.encodeSync(event.record, event.value) }]
      : [],
  )

  function publisherOf(name: string): Pick<Publisher, 'connect' | 'publishRaw' | 'close'> {
    switch (name) {
      case 'ours':
        return createPublisher({ kafka: createKafka({ ...config, clientId: 'bench' }, log), codec, log })
      case 'one-send':
      case 'one-send-not-idempotent':
        return createOneSendPublisher({ brokers: config.brokers, codec, idempotent: name === 'one-send' })
      default:
        throw new RangeError(`no way of publishing: ${name}`)
    }
  }

  return {
    answer: (round) =>
      runLoad(round, async (turn) => {
        const record = records[turn % records.length]
        if (record !== undefined) await publisher.publishRaw(record)
      }),
    close: () => publisher.close(),
  }
})
