import { randomBytes } from 'node:crypto'
import type {} from '@varai/dev-stack/vitest'
import { createCodec, done } from '@varai/kafka'
import { createLog } from '@varai/runtime'
import { createReadSetAside } from '@varai/set-aside'
import { createVault, localMasterKey } from '@varai/vault'
import type { Decimal128, Document } from 'mongodb'
import { expect, inject, test } from 'vitest'
import { applierOver } from '../test/apply.ts'
import { storesOf, testDatabase } from '../test/database.ts'
import { decoded, type LaneEvent, noon, order, product } from '../test/events.ts'

const stack = inject('stack')
const codec = createCodec({ registryUrl: stack.registry.url, log: createLog({ service: 'test', level: 'silent' }) })
const db = testDatabase('set_aside')

const text = (at: number) => `${at} ${'Brille Überprüfung 👓 '.repeat(30)}`
const variants = Array.from({ length: 2_048 }, (_, at) => ({
  ...{
    id: `${9_007_199_254_740_993n + BigInt(at)}`,
    title: text(at),
    sku: `SKU-${at}`,
    price: `${at}.5`,
    position: at,
  },
  options: [text(at)],
}))
const items = Array.from({ length: 5_000 }, (_, at) => ({
  ...{ id: `${at + 1}`, title: text(at), sku: `SKU-${at}`, price: '12.5', quantity: 1 },
}))
const events: LaneEvent[] = [
  product({ title: 'Aviator', variants, complete: { variants: true } }),
  order({ entityId: '2', total: '62500', items, platformAt: noon }),
]

// 7,000 parts, three times over: a busy machine may need more than the usual minute.
const long = { timeout: 240_000 }

test(
  'a product of 2,048 variants and an order of 5,000 lines arrive whole, however often and in whatever company',
  long,
  async () => {
    const vault = createVault({ db: db(), masterKey: localMasterKey(randomBytes(32)) })
    const stores = storesOf(db())
    const read = createReadSetAside({ vault, codec, handle: applierOver(stores) })
    const light = await Promise.all(
      events.map(async (event): Promise<LaneEvent> => {
        // The union pairs each record with its value; TypeScript loses sight of the pair where it is taken apart.
        const bytes = await codec.encode(event.record, { ...event.value } as never)
        expect(bytes.length).toBeGreaterThan(1_048_576)
        const { eventId, entityId, platformAt } = event.value
        const payloadRef = await vault.setAside({ merchantId: 'optik', platform: 'shopify', storeId: 'north' }, bytes)
        const said = { eventId, entityId, platformAt, payloadRef }
        return event.record === 'ProductStated'
          ? product({ ...said, title: 'Aviator' })
          : order({ ...said, total: '62500' })
      }),
    )
    const older = product({ title: 'old', platformAt: noon - 1, variants: [{ id: 'gone', options: [] }] })
    const batch = [older, ...light, older, ...light].map(decoded)
    expect(await read(batch)).toEqual(batch.map(() => done))
    const first = await both()
    expect(first.product?.['title']).toBe('Aviator')
    expect(
      first.product?.['variants'].map(({ id, title, price }: Document) => [id, title, `${price as Decimal128}`]),
    ).toEqual(variants.map(({ id, title, price }) => [id, title, price]))
    expect(first.order?.['items'].map(({ id, title }: Document) => [id, title])).toEqual(
      items.map(({ id, title }) => [id, title]),
    )
    await read(light.map(decoded))
    expect(await both()).toEqual(first)
  },
)

const both = async () => ({
  product: await db().collection<Document>('products').findOne({}),
  order: await db().collection<Document>('orders').findOne({}),
})
