import { eventTable, privacyEvent } from '../src/event-table.ts'
import { privacyTopic, topicCatalogue } from '../src/topics.ts'
import type { RecordSchema } from './contract-source.ts'

type Field = { name: string; type: unknown; doc?: string; default?: unknown; pii?: boolean }
type Named = { name: string; doc?: string; fields: readonly Field[] }

/** docs/contract.md: the contract as people read it. What is nested stands below the record that first holds it. */
export function contractDocument(contract: ReadonlyMap<string, RecordSchema>): string {
  const envelope = contract.get('Envelope')
  if (envelope === undefined) throw new Error('contract/ holds no Envelope')
  const enveloped = new Set(envelope.fields.map((field) => field.name))
  const told = new Set<string>()
  const records = [...contract.values()].flatMap((schema) => {
    const opens = schema.name !== 'Envelope' && schema.fields[0]?.name === envelope.fields[0]?.name
    const own = opens ? schema.fields.filter((field) => !enveloped.has(field.name)) : schema.fields
    const intro = prose(schema.doc) + (opens ? ' Opens with the [envelope](#envelope).' : '')
    return [`### ${schema.name}`, intro, fieldTable(own), ...nestedIn(own, told)]
  })
  return [
    '<!-- Generated from packages/schemas by its scripts/generate.ts; do not edit. -->',
    '# The contract between services',
    `What services say to each other: Avro records in Kafka topics, registered under \`varai.events.<Record>\` with
FULL_TRANSITIVE compatibility. How to change it: [packages/schemas](../packages/schemas/README.md).`,
    `A null means *not stated*; what a store emptied is named in \`cleared\`. Amounts are \`decimal(20,6)\` with an ISO 4217
currency beside them, times milliseconds UTC, ids text. ⚿ marks personal fields: text, plain or sealed.`,
    '## Events',
    table(
      ['event', 'type', 'entity', 'lane', 'record'],
      [
        ...Object.entries(eventTable).map(([name, row]) => [
          code(name),
          row.eventType,
          row.entityType,
          row.lane,
          link(row.record),
        ]),
        [
          code(privacyEvent.eventName),
          privacyEvent.eventType,
          privacyEvent.entityType,
          `none: ${code(privacyTopic)}`,
          link('PrivacyRequested'),
        ],
      ],
    ),
    '## Topics',
    table(
      ['topic', 'key', 'keeps', 'partitions', 'read by'],
      topicCatalogue.map((topic) => [
        code(topic.name),
        topic.key,
        `${topic.retentionMs / 86_400_000} d`,
        String(topic.partitions),
        topic.readBy.map(code).join(', '),
      ]),
    ),
    '## Records',
    ...records,
  ]
    .join('\n\n')
    .concat('\n')
}

/** Tables of the records inside `fields` that no table has told yet. */
function nestedIn(fields: readonly Field[], told: Set<string>): string[] {
  return fields.flatMap((field) =>
    recordsOf(field.type).flatMap((inner) => {
      if (told.has(inner.name)) return []
      told.add(inner.name)
      return [`#### ${inner.name}`, prose(inner.doc), fieldTable(inner.fields), ...nestedIn(inner.fields, told)]
    }),
  )
}

function recordsOf(type: unknown): Named[] {
  if (Array.isArray(type)) return type.flatMap(recordsOf)
  if (typeof type !== 'object' || type === null) return []
  if ('items' in type) return recordsOf(type.items)
  return 'fields' in type ? [type as Named] : []
}

const fieldTable = (fields: readonly Field[]): string =>
  table(
    ['field', 'type', 'default', ''],
    fields.map((field) => [
      code(field.name),
      typeName(field.type) + (field.pii === true ? ' ⚿' : ''),
      field.default === undefined ? '' : code(JSON.stringify(field.default)),
      prose(field.doc),
    ]),
  )

function typeName(type: unknown): string {
  if (Array.isArray(type)) {
    const [first, ...rest] = type.map(typeName)
    return first === 'null' ? `${rest.join(' or ')}?` : [first, ...rest].join(' or ')
  }
  if (typeof type === 'string') return /^[A-Z]/.test(type) ? link(type) : type
  if (typeof type !== 'object' || type === null) throw new Error(`not a type: ${JSON.stringify(type)}`)
  const node = type as { type: string; name?: string; logicalType?: string; items?: unknown; values?: unknown }
  if (node.type === 'array') return `list of ${typeName(node.items)}`
  if (node.type === 'map') return `map of ${typeName(node.values)}`
  if (node.name !== undefined) return link(node.name)
  return node.logicalType === 'timestamp-millis' ? 'time' : (node.logicalType ?? node.type)
}

/** Words in which `<` opens no tag. */
const prose = (text = ''): string => text.replaceAll('<', '\\<')
const code = (text: string): string => `\`${text}\``
const link = (name: string): string => `[${name}](#${name.toLowerCase()})`
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')
const cell = (text: string): string => text.replaceAll('|', '\\|')
