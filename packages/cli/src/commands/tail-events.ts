import { createCodec, createKafka, type TailedRecord, tail } from '@varai/kafka'
import { type Environment, kafkaSettings } from '@varai/runtime'
import { type Lane, laneTopic } from '@varai/schemas'
import { readSettings } from '../addresses.ts'
import { type EventFilter, passes } from '../pure/event-filter.ts'
import { eventLine, type ShownEvent } from '../pure/event-line.ts'
import { hidePersonal } from '../pure/hide-personal.ts'
import { printable } from '../pure/printable.ts'
import type { Terminal } from '../terminal.ts'
import { createTerminalLog } from '../terminal-log.ts'

export type TailOptions = {
  lanes: readonly Lane[]
  filter: EventFilter
  fromBeginning: boolean
  /** End after so many events were printed. */
  limit?: number | undefined
  json: boolean
  showPersonal: boolean
}

/** Prints events as they come, until Ctrl-C, the limit, or nobody reads any more. Always exit code 0. */
export async function tailEvents(terminal: Terminal, env: Environment, options: TailOptions): Promise<0> {
  const settings = readSettings(env, { kafka: kafkaSettings })
  const log = createTerminalLog(terminal)
  const kafka = createKafka({ ...settings.kafka, clientId: 'varai' }, log)
  const codec = createCodec({ registryUrl: settings.kafka.registryUrl, log })
  const from = options.fromBeginning ? 'earliest' : 'now'
  let printed = 0
  for await (const record of tail({
    kafka,
    codec,
    topics: options.lanes.map(laneTopic),
    from,
    signal: terminal.stop,
  })) {
    const line = lineOf(record, options)
    if (line === undefined) continue
    await terminal.print(line)
    printed += 1
    if (printed === options.limit) break
  }
  return 0
}

/** Undefined for an event that was not asked for. What cannot be read is shown unless a filter asks for something. */
function lineOf(record: TailedRecord, options: TailOptions): string | undefined {
  const { topic, partition, offset, timestamp, key, headers, decoded } = record
  const place = { topic, partition, offset }
  const asJson = (rest: object) =>
    JSON.stringify({ ...place, timestamp: new Date(timestamp).toISOString(), key, headers, ...rest })
  if (!decoded.ok) {
    if (Object.values(options.filter).some((wanted) => wanted.length > 0)) return undefined
    if (options.json) return asJson({ unreadable: decoded.reason })
    return printable(`${topic} ${partition}@${offset}  cannot be read: ${decoded.reason}`)
  }
  const event: ShownEvent = { ...place, ...decoded }
  if (!passes(options.filter, event)) return undefined
  if (!options.json) return eventLine(event, options.showPersonal)
  const value = options.showPersonal ? decoded.value : hidePersonal(decoded.record, decoded.value)
  return asJson({ record: decoded.record, value })
}
