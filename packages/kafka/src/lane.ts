import type { KafkaConnection } from './connection.ts'
import { createLaneLoop, type LaneLoopPorts } from './lane-loop.ts'

export type LaneSettings = {
  /** Name of the group, without prefix. */
  readonly group: string
  readonly topics: readonly string[]
  /** A member that is silent for so long is taken for dead, and its partitions go to others. */
  readonly sessionTimeoutMs: number
}

export type Lane = {
  /** Resolves when the group was joined. Rejects when a topic does not exist, or Kafka is away. */
  start(): Promise<void>
  /**
   * Finishes and commits the batch in hand and leaves the group, in `withinMs` at most. Who waits for a group that it
   * has not joined yet has nothing in hand, and waits no longer than a moment.
   */
  stop(withinMs: number): Promise<void>
  /** A member of its group, as far as is known. */
  readonly joined: boolean
}

const mebibyte = 1024 * 1024
/** Fetches go on while nothing comes in, so so long a silence is a client that hangs. */
const silentForMs = 120_000
const watchEveryMs = 15_000
/** A join takes less, unless the group waits for a member that was killed: then it takes as long as its session. */
const joinToEndMs = 1_500

/** One kafkajs consumer with its own group. `onCrash` is called once, when only a new process can help. */
export function createLane(
  kafka: KafkaConnection,
  settings: LaneSettings,
  loopPorts: Omit<LaneLoopPorts, 'pause' | 'topicOf'>,
  onCrash: (error: Error) => void,
): Lane {
  const { log, lane } = loopPorts
  const consumer = kafka.client.consumer({
    groupId: kafka.named(settings.group),
    allowAutoTopicCreation: false,
    sessionTimeout: settings.sessionTimeoutMs,
    // Members hear of a rebalance with a heartbeat: this is how long a new process waits for its partitions.
    heartbeatInterval: Math.min(2_000, settings.sessionTimeoutMs / 3),
    // Records are answered with at once; and as kafkajs is patched, neither rebalances nor stops wait for the end of it.
    maxWaitTimeInMs: 5_000,
    maxBytesPerPartition: 10 * mebibyte,
    maxBytes: 20 * mebibyte,
    retry: { initialRetryTime: 200, maxRetryTime: 5_000, retries: 8 },
  })
  const timers = new Set<NodeJS.Timeout>()
  let joined = false
  let over = false
  let starting: Promise<void> | undefined
  let lastSign = performance.now()
  const firstJoin = Promise.withResolvers<void>()
  firstJoin.promise.catch(() => undefined) // heard by start(), where somebody waits for it

  const loop = createLaneLoop({ ...loopPorts, topicOf: (onCluster) => kafka.unnamed(onCluster) ?? onCluster, pause })

  function pause(topic: string, partition: number, ms: number): void {
    const of = [{ topic, partitions: [partition] }]
    attempt(() => consumer.pause(of))
    const timer = setTimeout(() => {
      timers.delete(timer)
      attempt(() => consumer.resume(of))
    }, ms)
    timers.add(timer)
  }

  /** After a crash kafkajs has no group for a while, and then a fresh one without pauses: the loop asks for them again. */
  function attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      log.debug({ err: error, lane }, 'kafka.pause-without-group')
    }
  }

  function crash(error: Error): void {
    if (over) return
    over = true
    joined = false
    loop.stop()
    firstJoin.reject(error)
    onCrash(error)
  }

  const { events } = consumer
  for (const event of [events.CRASH, events.CONNECT, events.GROUP_JOIN, events.FETCH_START, events.REQUEST]) {
    consumer.on(event, () => {
      lastSign = performance.now()
    })
  }
  consumer.on(events.GROUP_JOIN, ({ payload }) => {
    joined = true
    firstJoin.resolve()
    loop.assigned(payload.memberAssignment)
    log.info({ lane, assigned: payload.memberAssignment, tookMs: payload.duration }, 'kafka.joined')
  })
  consumer.on(events.CRASH, ({ payload: { error, restart } }) => {
    joined = false
    if (restart) return log.warn({ err: error, lane }, 'kafka.consumer-restarts')
    log.error({ err: error, lane }, 'kafka.consumer-crashed')
    crash(error)
  })

  function watch(): void {
    if (loop.busy || performance.now() - lastSign < silentForMs) return
    crash(new Error(`the consumer of ${settings.group} shows no sign of life`))
  }

  async function start(): Promise<void> {
    await consumer.connect()
    await consumer.subscribe({ topics: settings.topics.map((topic) => kafka.named(topic)), fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      // All partitions of a fetch at once: the loop puts them together and keeps each in order.
      partitionsConsumedConcurrently: 256,
      eachBatch: (fetched) => loop.eachBatch(fetched),
    })
    timers.add(setInterval(watch, watchEveryMs).unref())
    // A coordinator that is still loading, or an outage, makes kafkajs try again by itself.
    await firstJoin.promise
  }

  async function stop(): Promise<void> {
    loop.stop()
    firstJoin.reject(new Error('stopped before it had joined its group'))
    // kafkajs forgets a stop that comes before it has joined, and then joins.
    await starting?.catch(() => undefined)
    await consumer.stop()
    await consumer.disconnect()
  }

  return {
    async start() {
      starting = start()
      await starting
    },
    async stop(withinMs) {
      const [inHand, boundMs] =
        joined || loop.busy ? ['a batch', withinMs] : ['nothing', Math.min(joinToEndMs, withinMs)]
      over = true
      joined = false
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), boundMs)
      })
      const ended = stop().catch((error: unknown) => log.warn({ err: error, lane }, 'kafka.stop-failed'))
      if ((await Promise.race([ended, late])) === 'late') {
        log.warn({ lane, withinMs: boundMs, inHand }, 'kafka.stop-not-waited-for')
      }
      clearTimeout(timer)
      for (const each of timers) clearTimeout(each)
    },
    get joined() {
      return joined
    },
  }
}
