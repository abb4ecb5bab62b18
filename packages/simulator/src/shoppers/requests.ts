import { type Arrangement, arrange } from '../arrange.ts'
import type { Sendable } from '../deliver.ts'
import type { Shopper, Step } from './life.ts'
import { htmlHeaders } from './sign-html.ts'
import { speak } from './speak.ts'

export type HtmlShop = {
  readonly merchantId: string
  readonly storeId: string
  readonly secret: string
  readonly publishableKey: string
  readonly origin: string
}

/** A request, and the door that it goes to. */
export type ShopperRequest = Sendable & { readonly door: 'server' | 'page' }

/** What one person does: the page that they are on has one clock. */
type Told = { readonly shopper: Shopper; readonly step: Step }
const allOf = (shoppers: readonly Shopper[]): Told[] =>
  shoppers.flatMap((shopper) => shopper.steps.map((step) => ({ shopper, step })))

/** Fewer than either door takes at once. */
const mostInBatch = 20

/**
 * Everything that shoppers do, in this arrangement, as batches for the API and the collector. A batch of a page is of
 * one shopper. Headers and bytes are made anew whenever they are asked for: the time of sending is in them.
 */
export function* htmlRequests(
  shop: HtmlShop,
  shoppers: readonly Shopper[],
  arrangement: Arrangement & { readonly backwards?: boolean },
): Generator<ShopperRequest, void, undefined> {
  const heardHere = allOf(shoppers).filter(({ step: { deed } }) => deed.what !== 'bought' || deed.on === 'here')
  const inTime = heardHere.toSorted((one, other) => one.step.at - other.step.at)
  const open = new Map<string, Map<string, Told>>()
  for (const told of arrange(arrangement.backwards === true ? inTime.toReversed() : inTime, arrangement)) {
    const sender = told.step.door === 'server' ? 'server' : told.shopper.sessionId
    const batch = open.get(sender) ?? new Map<string, Told>()
    // One id stands once in a batch.
    const isFull = batch.size >= mostInBatch || batch.has(told.step.id)
    if (isFull) yield batchOf(shop, [...batch.values()])
    open.set(sender, (isFull ? new Map<string, Told>() : batch).set(told.step.id, told))
  }
  for (const batch of open.values()) yield batchOf(shop, [...batch.values()])
}

function batchOf({ storeId, secret, origin }: HtmlShop, batch: readonly Told[]): ShopperRequest {
  const events = batch.map(({ shopper, step }) => speak(shopper, step))
  const [first] = batch
  if (first?.step.door === 'page') {
    const { clockAhead } = first.shopper
    return {
      door: 'page',
      headers: { 'content-type': 'text/plain', origin },
      get body() {
        return Buffer.from(JSON.stringify({ sentAt: new Date(Date.now() + clockAhead).toISOString(), events }))
      },
    }
  }
  const body = Buffer.from(JSON.stringify({ events }))
  return {
    door: 'server',
    body,
    get headers() {
      return htmlHeaders(body, { storeId, secret, at: Date.now() })
    },
  }
}
