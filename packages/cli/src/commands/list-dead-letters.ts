import { createKafka, type DeadLetter, readDeadLetters } from '@varai/kafka'
import { type Environment, kafkaSettings } from '@varai/runtime'
import { readSettings } from '../addresses.ts'
import { printable } from '../pure/printable.ts'
import { tableLines } from '../pure/table.ts'
import type { Terminal } from '../terminal.ts'
import { createTerminalLog } from '../terminal-log.ts'

/** Prints the newest dead letters, the oldest of them first: who gave up on what, where it lay and why. Never its content. */
export async function listDeadLetters(
  terminal: Terminal,
  env: Environment,
  options: { service?: string | undefined; limit: number; json: boolean },
): Promise<0> {
  const settings = readSettings(env, { kafka: kafkaSettings })
  const kafka = createKafka({ ...settings.kafka, clientId: 'varai' }, createTerminalLog(terminal))
  let newest: DeadLetter[] = []
  let matching = 0
  const keep = (upTo: number) => {
    newest = newest.toSorted((a, b) => a.at - b.at).slice(-upTo)
  }
  for await (const letter of readDeadLetters({ kafka, untilEnd: true, signal: terminal.stop })) {
    if (options.service !== undefined && letter.service !== options.service) continue
    matching += 1
    newest.push(letter)
    // Sorted now and then only: partitions come one after another, each in its order.
    if (newest.length >= 2 * options.limit + 1_000) keep(options.limit)
  }
  keep(options.limit)

  if (options.json) for (const letter of newest) await terminal.print(JSON.stringify(shown(letter)))
  else if (newest.length > 0) {
    const [titles = '', ...lines] = tableLines(columns, newest.map(cells))
    await terminal.print(terminal.strong(titles))
    for (const line of lines) await terminal.print(line)
  }
  if (!options.json) terminal.tell(summary(matching, newest.length))
  return 0
}

const summary = (matching: number, printed: number): string => {
  if (matching === 0) return 'No dead letters.'
  return printed < matching ? `The newest ${printed} of ${matching}; more with --limit.` : `${matching} in all.`
}

const place = ({ topic, partition, offset }: { topic: string; partition: number; offset: string }): string =>
  `${topic} ${partition}@${offset}`

/** Without key, bytes and headers: those are what could not be read, and may hold anything. */
const shown = (letter: DeadLetter) => ({
  at: new Date(letter.at).toISOString(),
  service: letter.service,
  reason: letter.reason,
  attempts: letter.attempts,
  bytes: letter.bytes?.length ?? 0,
  origin: letter.origin ?? null,
  position: { topic: letter.topic, partition: letter.partition, offset: letter.offset },
})

const columns = [
  { title: 'AT' },
  { title: 'SERVICE' },
  { title: 'LETTER' },
  { title: 'CAME FROM' },
  { title: 'TRIES', align: 'right' },
  { title: 'BYTES', align: 'right' },
  { title: 'REASON' },
] as const

const cells = (letter: DeadLetter): string[] =>
  [
    new Date(letter.at).toISOString(),
    letter.service,
    `${letter.partition}@${letter.offset}`,
    letter.origin === undefined ? 'never a record' : place(letter.origin),
    String(letter.attempts),
    String(letter.bytes?.length ?? 0),
    letter.reason,
  ].map(printable)
