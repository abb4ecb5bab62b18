import { createCodec, createKafka, type TailedRecord, tail } from '@varai/kafka'
import { type Environment, kafkaSettings, mongoSettings } from '@varai/runtime'
import { changesTopic, lanes, laneTopic } from '@varai/schemas'
import { readSettings } from '../addresses.ts'
import { type Found, findDocuments, withDatabase } from '../document-store.ts'
import { changeLine } from '../pure/change-line.ts'
import { eventLine } from '../pure/event-line.ts'
import { printable } from '../pure/printable.ts'
import type { Terminal } from '../terminal.ts'
import { createTerminalLog } from '../terminal-log.ts'
import type { ExplainOptions } from './explain-document.ts'

type Line = { readonly at: number; readonly text: string }

/**
 * Prints every event and every change of a person or an item, as far as Kafka keeps them, in the order of their times.
 * Exit code 1 when there is no such document, or several.
 */
export async function showTimeline(terminal: Terminal, env: Environment, options: ExplainOptions): Promise<0 | 1> {
  const { mongo, kafka: settings } = readSettings(env, { mongo: mongoSettings, kafka: kafkaSettings })
  const [document, ...others] = await withDatabase(mongo, (db) => findDocuments(db, options))
  if (document === undefined || others.length > 0) {
    const which = document === undefined ? `no ${options.kind}` : `several ${options.kind}s are`
    terminal.tell(`varai: ${which} ${printable(options.id)}`)
    return 1
  }
  const log = createTerminalLog(terminal)
  const kafka = createKafka({ ...settings, clientId: 'varai' }, log)
  const codec = createCodec({ registryUrl: settings.registryUrl, log })
  const topics = [...lanes.map(laneTopic), changesTopic]
  const lineOf = linesAbout(document)
  const lines = new Map<string, Line>()
  for await (const record of tail({ kafka, codec, topics, from: 'earliest', untilEnd: true, signal: terminal.stop })) {
    const found = lineOf(record)
    // what was told twice is one change
    if (found !== undefined && !lines.has(found.id)) lines.set(found.id, found)
  }
  const ordered = [...lines.values()].sort((one, other) => one.at - other.at)
  for (const { text } of ordered) await terminal.print(text)
  return 0
}

function linesAbout(document: Found): (record: TailedRecord) => (Line & { readonly id: string }) | undefined {
  const members: string[] = (document['members'] ?? [document._id]).map(String)
  const documents = new Set([document._id, ...members])
  const records = new Set(members.map((id) => id.split('|').slice(0, 4).join('|')))
  return ({ topic, partition, offset, decoded }) => {
    if (!decoded.ok) return undefined
    if (decoded.record === 'DocumentChanged') {
      const { changeId, documentId, at } = decoded.value
      return documents.has(documentId) ? { id: changeId, at, text: changeLine(decoded.value) } : undefined
    }
    if (!('eventId' in decoded.value)) return undefined
    const { merchantId, source, storeId, entityId, eventId, platformAt } = decoded.value
    const id = [merchantId, source, storeId, entityId].join('|')
    if (!records.has(id)) return undefined
    return { id: `event ${eventId}`, at: platformAt, text: eventLine({ topic, partition, offset, ...decoded }) }
  }
}
