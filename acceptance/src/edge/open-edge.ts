import { join } from 'node:path'
import { root } from '@varai/demo/system'
import { type DeliverReport, deliver, type HtmlShop, type ShopperRequest } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import { openSystem, type SystemContext } from '../system/open-system.ts'
import { edgeStoresFile } from './stores.ts'

/** The system, with its doors for whoever speaks of shoppers. */
export type EdgeContext = SystemContext & {
  readonly doors: { server(): string; page(store: HtmlShop): string; woo(): string; shopify(): string }
  /** Where everything lies that the system wrote: data of the components, logs, spool. */
  readonly stateDir: string
}

export async function openEdge({
  short,
}: {
  short: boolean
}): Promise<{ context: EdgeContext; close(): Promise<void> }> {
  const { context, close } = await openSystem({
    short,
    stores: edgeStoresFile(),
    services: ['sync-core', 'ingest-html', 'ingest-woocommerce', 'ingest-shopify'],
    // All pages of a run come from one machine: their addresses are told as by a proxy.
    env: { VARAI_TRUSTED_PROXIES: '1' },
  })
  const url = (name: 'ingest-html' | 'ingest-woocommerce' | 'ingest-shopify') => context.system.service(name).url
  const empty = async () => (await context.metric('ingest-woocommerce', spooled)) === 0
  return {
    context: {
      ...context,
      // As openSystem lays it out.
      stateDir: join(root, '.varai', 'acceptance'),
      doors: {
        server: () => `${url('ingest-html')}/api/v1/events`,
        page: ({ publishableKey }) => `${url('ingest-html')}/collect?key=${publishableKey}`,
        woo: () => `${url('ingest-woocommerce')}/webhooks/woocommerce`,
        shopify: context.webhookUrl,
      },
      async settled() {
        await waitUntil(empty, { what: 'the spool is empty', withinMs: 10 * 60_000, everyMs: 200 })
        await context.settled()
      },
    },
    close,
  }
}

/** How many deliveries wait on the disk. */
export const spooled = 'varai_ingest_woocommerce_spooled_deliveries'

let pages = 0
/** Every page has an address of its own. */
export const fromSomewhere = (): { 'x-forwarded-for': string } => {
  pages += 1
  return { 'x-forwarded-for': `10.${(pages >> 16) % 256}.${(pages >> 8) % 256}.${pages % 256}` }
}

/** Sends what shoppers do to both doors until all of it is taken. */
export async function tell(
  { doors }: EdgeContext,
  shop: HtmlShop,
  requests: Iterable<ShopperRequest>,
): Promise<DeliverReport[]> {
  const { server = [], page = [] } = Object.groupBy(requests, ({ door }) => door)
  const pages = page.map((request) => ({
    headers: { ...request.headers, ...fromSomewhere() },
    get body() {
      return request.body
    },
  }))
  return Promise.all([
    deliver(server, { url: doors.server, concurrency: 8 }),
    deliver(pages, { url: () => doors.page(shop), concurrency: 8 }),
  ])
}
