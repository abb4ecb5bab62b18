import { workedOff } from '@varai/demo/worked-off'
import { deliver, type HtmlShop, type ShopperRequest } from '@varai/simulator'
import { waitUntil } from '@varai/testkit'
import { openSystem, type SystemContext } from '../system/open-system.ts'
import { queueRows } from './ml/queue-rows.ts'
import { storesFile } from './stores.ts'

/** The system with what counts and collects, and doors for whoever speaks of shoppers and of orders. */
export type AnalyticsContext = SystemContext & {
  readonly doors: { server(): string; page(store: { publishableKey: string }): string; shopify(): string }
  /** Resolves when everything that was published is counted. */
  counted(): Promise<void>
}

const patienceMs = 10 * 60_000

export async function openAnalytics({
  short,
}: {
  short: boolean
}): Promise<{ context: AnalyticsContext; close(): Promise<void> }> {
  const { context, close } = await openSystem({
    short,
    stores: storesFile(),
    services: ['sync-core', 'analytics', 'ml-collector', 'ingest-html', 'ingest-shopify'],
    env: {
      // All pages of a run come from one machine: their addresses are told as by a proxy.
      VARAI_TRUSTED_PROXIES: '1',
      // Whoever is stopped loses the right to count soon.
      VARAI_ANALYTICS_LEASE: '2',
      // Training rows are shown soon, and the queue is soon full.
      VARAI_ML_SETTLE: '1',
      VARAI_ML_RELEASE_EVERY: '1',
      VARAI_ML_QUEUE_ROWS: String(queueRows(short)),
    },
  })
  const url = (name: 'ingest-html' | 'analytics') => context.system.service(name).url
  return {
    context: {
      ...context,
      doors: {
        server: () => `${url('ingest-html')}/api/v1/events`,
        page: ({ publishableKey }) => `${url('ingest-html')}/collect?key=${publishableKey}`,
        shopify: context.webhookUrl,
      },
      async counted() {
        await workedOff(context.kafka, 'analytics', AbortSignal.timeout(patienceMs))
        await waitUntil(async () => (await context.metric('analytics', 'varai_analytics_waiting_facts')) === 0, {
          ...{ what: 'nothing waits to be counted', withinMs: patienceMs, everyMs: 200 },
        })
      },
    },
    close,
  }
}

let pages = 0
/** Every page has an address of its own. */
const fromSomewhere = (): { 'x-forwarded-for': string } => {
  pages += 1
  return { 'x-forwarded-for': `10.${(pages >> 16) % 256}.${(pages >> 8) % 256}.${pages % 256}` }
}

/** Sends what shoppers do to both doors until all of it is taken. */
export async function tell(
  { doors }: AnalyticsContext,
  shop: HtmlShop,
  requests: Iterable<ShopperRequest>,
): Promise<void> {
  const { server = [], page = [] } = Object.groupBy(requests, ({ door }) => door)
  const pages = page.map((request) => ({
    headers: { ...request.headers, ...fromSomewhere() },
    get body() {
      return request.body
    },
  }))
  await deliver(server, { url: doors.server, concurrency: 8 })
  await deliver(pages, { url: () => doors.page(shop), concurrency: 8 })
}
