import { createRandom } from '../random.ts'
import type { Truth } from '../truth/truth.ts'
import type { MagentoDocument } from './documents.ts'
import { createJournal, type JournalEntry, type MagentoEntity } from './journal.ts'
import { live } from './life.ts'
import { magentoTruth } from './magento-truth.ts'

export type MagentoShopOptions = {
  /** Any text. The same seed and options make the same shop, to the byte. */
  readonly seed: string
  readonly merchantId: string
  /** As the stores file names it. */
  readonly storeId: string
  /** Of the shop; buyers pay in others, too. One with two digits after the point. */
  readonly currency: string
  readonly orders: number
  /** The life begins then, ms. */
  readonly from?: number
}

export type MagentoShop = {
  readonly storeId: string
  readonly currency: string
  /** Everything that happens, in order of time. */
  readonly journal: readonly JournalEntry[]
  /** The shop as one sees it from outside, at the end of its life unless told otherwise. */
  view(options?: { readonly entries: number }): MagentoView
  truth(): Truth
}

/** A shop at a moment of its life. */
export type MagentoView = {
  /** Lives on by so many entries of its journal; false when there are no more. */
  advance(entries: number): boolean
  document(entity: MagentoEntity, id: number): MagentoDocument | undefined
  documents(entity: MagentoEntity): readonly MagentoDocument[]
}

/** Lives the shop's life to its end: catalogue, customers, orders, credit memos, stock, what is deleted. */
export function createMagentoShop(options: MagentoShopOptions): MagentoShop {
  const { merchantId, storeId, currency } = options
  const random = createRandom(`${options.seed}|${merchantId}|${storeId}|magento`)
  const journal = createJournal(currency)
  const state = live(options, random, journal)
  return {
    storeId,
    currency,
    journal: journal.entries,
    view: ({ entries } = { entries: journal.entries.length }) => viewOf(journal.entries, entries),
    truth: () => magentoTruth({ merchantId, storeId, currency }, state),
  }
}

function viewOf(journal: readonly JournalEntry[], until: number): MagentoView {
  const said: Record<MagentoEntity, Map<number, MagentoDocument>> = {
    ...{ orders: new Map(), customers: new Map(), products: new Map() },
  }
  let at = 0
  function advance(entries: number): boolean {
    for (const { what, entity, id, document } of journal.slice(at, at + entries)) {
      if (what === 'deleted') said[entity].delete(id)
      else said[entity].set(id, document)
    }
    at = Math.min(at + entries, journal.length)
    return at < journal.length
  }
  advance(until)
  return {
    advance,
    document: (entity, id) => said[entity].get(id),
    documents: (entity) => [...said[entity].values()],
  }
}
