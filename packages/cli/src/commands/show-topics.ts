import { createKafka, type DifferingTopic, ensureTopics, type TopicInfo, topicsInfo } from '@varai/kafka'
import { type Environment, kafkaSettings } from '@varai/runtime'
import { type TopicDefinition, topicCatalogue } from '@varai/schemas'
import { readSettings } from '../addresses.ts'
import { duration, grouped, tableLines } from '../pure/table.ts'
import type { Terminal } from '../terminal.ts'
import { createTerminalLog } from '../terminal-log.ts'

type Row = {
  topic: string
  exists: boolean
  partitions: number
  retentionMs: number
  /** Kept at this moment. */
  records: number
  groups: readonly { group: string; lag: number }[]
  differing: readonly Omit<DifferingTopic, 'topic'>[]
}

/** Prints the catalogue beside the broker. Exit code 1 while a topic of the catalogue is missing. */
export async function showTopics(
  terminal: Terminal,
  env: Environment,
  options: { create: boolean; json: boolean },
): Promise<0 | 1> {
  const settings = readSettings(env, { kafka: kafkaSettings })
  const kafka = createKafka({ ...settings.kafka, clientId: 'varai' }, createTerminalLog(terminal))
  const created = options.create ? (await ensureTopics(kafka)).created : []
  const info = new Map((await topicsInfo(kafka)).map((topic) => [topic.name, topic]))
  const { differing } = await ensureTopics(kafka, { catalogue: topicCatalogue.filter(({ name }) => info.has(name)) })
  const rows = topicCatalogue.map((topic) => rowOf(topic, info.get(topic.name), differing))
  const missing = rows.filter((row) => !row.exists).length

  if (options.json) await terminal.print(JSON.stringify({ created, topics: rows }, null, 2))
  else {
    const [titles = '', ...lines] = tableLines(columns, rows.map(cells))
    await terminal.print(terminal.strong(titles))
    for (const line of lines) await terminal.print(line)
    if (created.length > 0) terminal.tell(`Created ${created.length}: ${created.join(', ')}`)
    if (missing > 0)
      terminal.tell(`${missing} of ${rows.length} topics are missing; create them with: varai topics --create`)
  }
  return missing === 0 ? 0 : 1
}

function rowOf(topic: TopicDefinition, info: TopicInfo | undefined, differing: readonly DifferingTopic[]): Row {
  const partitions = info?.partitions ?? []
  const records = partitions.reduce((sum, { earliest, latest }) => sum + Number(latest - earliest), 0)
  return {
    topic: topic.name,
    exists: info !== undefined,
    partitions: info === undefined ? topic.partitions : partitions.length,
    retentionMs: topic.retentionMs,
    records,
    groups: info?.groups ?? [],
    differing: differing.filter((one) => one.topic === topic.name).map(({ topic: _, ...difference }) => difference),
  }
}

const columns = [
  { title: 'TOPIC' },
  { title: 'PARTITIONS', align: 'right' },
  { title: 'RETENTION', align: 'right' },
  { title: 'RECORDS', align: 'right' },
  { title: 'LAG BY GROUP' },
] as const

function cells(row: Row): string[] {
  const differs = row.differing.map(({ setting, expected, actual }) => `(${setting} ${actual}, catalogue: ${expected})`)
  const lags = row.groups.map(({ group, lag }) => `${group} ${grouped(lag)}`)
  return [
    row.topic,
    String(row.partitions),
    duration(row.retentionMs),
    row.exists ? grouped(row.records) : 'missing',
    [lags.join(', '), ...differs].filter((part) => part !== '').join('  '),
  ]
}
