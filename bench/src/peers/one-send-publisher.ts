import { type Codec, type Publisher, TooLarge } from '@varai/kafka'
import { Kafka, logLevel, Partitioners } from 'kafkajs'

export type OneSendPublisher = Pick<Publisher, 'connect' | 'publish' | 'publishRaw' | 'close'>

/**
 * How a service publishes that awaits kafkajs' `send` for every event. The same settings as our publisher: all in-sync
 * replicas acknowledge, and idempotent unless told otherwise (kafkajs then sends one request at a time to a broker).
 */
export function createOneSendPublisher(options: {
  readonly brokers: readonly string[]
  readonly codec: Codec
  readonly idempotent: boolean
}): OneSendPublisher {
  const client = new Kafka({
    brokers: [...options.brokers],
    clientId: 'one-send',
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    logLevel: logLevel.ERROR,
  })
  const producer = client.producer({
    idempotent: options.idempotent,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 10 },
  })
  const send = async (topic: string, key: string | Buffer | null, value: Buffer | null, headers = {}) => {
    if (value !== null && value.length > 1_000_000) throw new TooLarge(value.length, 1_000_000)
    await producer.send({ topic, acks: -1, messages: [{ key, value, headers }] })
  }
  return {
    async connect(names) {
      await Promise.all([producer.connect(), options.codec.prepare(names)])
    },
    publish: ({ topic, key, record, value, headers }) =>
      send(topic, key, options.codec.encodeSync(record, value), headers),
    publishRaw: ({ topic, key, bytes, headers }) => send(topic, key, bytes, { ...headers }),
    close: () => producer.disconnect(),
  }
}
