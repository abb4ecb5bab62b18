import { createAdobeKeys, startAdobeKeyServer } from '@varai/simulator'
import type { Check } from '../../runner.ts'
import type { ShopsContext } from '../open-shops.ts'
import { magentoStores, wooStores } from '../stores.ts'
import type { Attempt } from './attempt.ts'
import { forgedAdobe } from './forged-adobe.ts'
import { forgedModule } from './forged-module.ts'
import { forgedWoo } from './forged-woo.ts'

/** Every door, by those who are not whom they say they are. */
export const forged: Check<ShopsContext> = {
  title: 'forged requests at every door: refused, or handled item by item; no key is fetched from elsewhere',
  async run(context) {
    const keys = createAdobeKeys()
    const forger = { keys, server: await startAdobeKeyServer(keys) }
    const before = context.adobe.server.requests.length
    try {
      const attempts = [...forgedWoo(context), ...forgedModule(context), ...forgedAdobe(context, forger)]
      const rows: { holds: boolean; line: string }[] = []
      for (const attempt of attempts) {
        const answer = await attempt.run()
        const holds = answer === attempt.wanted
        const complaint = holds ? '' : `, but wanted: ${attempt.wanted}`
        rows.push({ holds, line: `${attempt.door.padEnd(14)} ${attempt.name} → ${answer}${complaint}` })
      }
      await context.settled()
      const [admitted, held] = [attempts.flatMap(({ admits }) => admits), await ordersOf(context, attempts)]
      const missing = [...new Set(admitted)].filter((id) => !held.includes(id))
      const slipped = held.filter((id) => !admitted.includes(id))
      const asked = context.adobe.server.requests.slice(before)
      const astray = asked.filter((path) => !/^\/prod\/keys\/pub-key-[\da-f-]+\.pem$/.test(path))
      const led = forger.server.requests.length
      return {
        holds: rows.every(({ holds }) => holds) && missing.length + slipped.length + astray.length + led === 0,
        figures: [
          ...rows.map(({ line }) => line),
          `${attempts.length} requests; ${held.length} of ${new Set(admitted).size} genuine orders are there, ${slipped.length} forged ones`,
          `Adobe's server was asked for ${asked.length} keys, the forger's for ${led}; ${astray.length} paths of another form`,
        ],
      }
    } finally {
      await forger.server.close()
    }
  },
}

/** Which of the orders that were named are there and alive. */
async function ordersOf({ db }: ShopsContext, attempts: readonly Attempt[]): Promise<number[]> {
  const ids = attempts.flatMap(({ names }) => names).map(String)
  const storeIds = [wooStores.besieged, wooStores.other, magentoStores.besieged, magentoStores.other]
  const query = {
    storeId: { $in: storeIds.map(({ storeId }) => storeId) },
    platformId: { $in: ids },
    deleted: { $ne: true },
  }
  const found = db.collection<{ platformId: string }>('orders').find(query)
  return (await found.toArray()).map(({ platformId }) => Number(platformId))
}
