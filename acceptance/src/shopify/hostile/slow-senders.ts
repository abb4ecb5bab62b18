import { tally } from '../../system/send.ts'
import { type Ended, holdConnection, pour, say, trickle } from './hold-connection.ts'
import type { Attack, Siege } from './siege.ts'

const connections = 200
/** More than the server has for anybody. */
const patienceMs = 30_000
const dropEveryMs = 250
const goodMeanwhile = 20

const head = 'POST /webhooks/shopify HTTP/1.1\r\nHost: varai\r\n'
const named = (siege: Siege) =>
  Object.entries(siege.order().headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

/** Holds many such connections; meanwhile genuine deliveries must go through. */
async function holdMany(siege: Siege, speak: Parameters<typeof holdConnection>[1]): Promise<string> {
  const held = Promise.all(Array.from({ length: connections }, () => holdConnection(siege.url(), speak, patienceMs)))
  const genuine: string[] = []
  for (let sent = 0; sent < goodMeanwhile; sent += 1) genuine.push(await siege.genuine())
  const ended = await held
  const longest = Math.max(...ended.map(({ afterMs }) => afterMs)) / 1000
  return `${tally(ended.map(describeEnd))} within ${Math.ceil(longest)} s; genuine meanwhile: ${tally(genuine)}`
}

const describeEnd = ({ status, byUs }: Ended): string => (byUs ? 'kept' : status === undefined ? 'closed' : `${status}`)

const ended = (how: string) => new RegExp(`^${how} within \\d+ s; genuine meanwhile: ${goodMeanwhile} × 200$`)
const all = (how: string) => ended(`${connections} × ${how}`)

/** Senders that take their time, and such that never stop: each is cut off, and nobody else waits for them. */
export const slowSenders: readonly Attack[] = [
  {
    name: `${connections} connections that say nothing`,
    wanted: all('408'),
    run: (siege) => holdMany(siege, say('')),
  },
  {
    name: `slowloris: ${connections} whose headers trickle`,
    wanted: all('408'),
    run: (siege) => holdMany(siege, trickle(`${head}X-Slow: `, 'a', dropEveryMs)),
  },
  {
    name: `slowloris: ${connections} whose bodies trickle`,
    wanted: all('408'),
    run: (siege) => holdMany(siege, trickle(`${head}${named(siege)}Content-Length: 100000\r\n\r\n{`, ' ', dropEveryMs)),
  },
  {
    name: `header flood: ${connections} with 2,000 headers`,
    wanted: all('431'),
    run: (siege) => holdMany(siege, say(`${head}${'X-Flood: 123456\r\n'.repeat(2_000)}\r\n`)),
  },
  {
    name: `header flood: ${connections} with a header of 20 KB`,
    wanted: all('431'),
    run: (siege) => holdMany(siege, say(`${head}X-Flood: ${'a'.repeat(20_000)}\r\n\r\n`)),
  },
  {
    name: `header flood: ${connections} with headers that never end`,
    // Whoever still sends when he is answered may lose the answer: the connection is closed on him.
    wanted: ended('\\d+ × (431|closed)(, \\d+ × (431|closed))?'),
    run: (siege) => holdMany(siege, pour(head, 'X-Flood: 123456\r\n'.repeat(1_000))),
  },
]
