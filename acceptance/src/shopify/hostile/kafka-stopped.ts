import { agrees, compareWithTruth, createShop, deliver } from '@varai/simulator'
import { type Answer, send, tally } from '../../system/send.ts'
import { stores } from '../stores.ts'
import type { Attack } from './siege.ts'

const crowd = 1_000

/** Kafka stands still, and everybody comes at once: told to come again. When Kafka goes on, everybody is taken. */
export const kafkaStopped: Attack = {
  name: `${crowd} at once while Kafka stands still, ${crowd} more while those wait, all again when it goes on`,
  wanted: new RegExp(
    `^first (\\d+ × (503|429), Retry-After(, )?)+; second (\\d+ × (503|429), Retry-After(, )?)+; then ${2 * crowd} × 200, documents equal the truth$`,
  ),
  async run({ context, url }) {
    const shop = createShop({ ...stores.crowd, seed: 'crowd', deliveries: 2 * crowd })
    const deliveries = [...shop.deliveries()]
    const sendAll = async (some: typeof deliveries) =>
      tally(await Promise.all(some.map(async (delivery) => asked(await send(url(), delivery)))))

    const waves: string[] = []
    await context.system.stack.kill('kafka', 'SIGSTOP')
    try {
      waves.push(await sendAll(deliveries.slice(0, crowd)))
      waves.push(await sendAll(deliveries.slice(crowd)))
    } finally {
      await context.system.stack.kill('kafka', 'SIGCONT')
    }
    const report = await deliver(deliveries, { url, concurrency: 32 })
    await context.settled()
    const comparison = await compareWithTruth(context.db, shop.truth())
    const equal = agrees(comparison) && comparison.checked > 0
    return `first ${waves[0]}; second ${waves[1]}; then ${report.accepted} × 200, documents ${equal ? 'equal' : 'differ from'} the truth`
  },
}

function asked(answer: Answer): string {
  if ('closed' in answer) return `closed (${answer.closed})`
  return `${answer.status}${answer.retryAfter === undefined ? '' : ', Retry-After'}`
}
