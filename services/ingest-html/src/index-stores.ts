import type { HtmlStore, Store } from '@varai/runtime/stores'

export type StoreIndex = {
  find(key: string): HtmlStore | undefined
  ofPublishableKey(key: string): HtmlStore | undefined
  allowsOrigin(origin: string): boolean
}

type Tables = {
  readonly byId: ReadonlyMap<string, HtmlStore>
  readonly byKey: ReadonlyMap<string, HtmlStore>
  readonly origins: ReadonlySet<string>
}

/** Finds the stores of this platform by what senders name; the tables are made anew when the list is another one. */
export function indexStores(stores: () => readonly Store[]): StoreIndex {
  let of: readonly Store[] | undefined
  let tables: Tables = tablesOf([])
  const present = (): Tables => {
    const list = stores()
    if (list !== of) [of, tables] = [list, tablesOf(list.filter((store) => store.platform === 'html'))]
    return tables
  }
  return {
    find: (key) => present().byId.get(key),
    ofPublishableKey: (key) => present().byKey.get(key),
    allowsOrigin: (origin) => present().origins.has(origin),
  }
}

const tablesOf = (stores: readonly HtmlStore[]): Tables => ({
  byId: new Map(stores.map((store) => [store.id, store])),
  byKey: new Map(stores.map((store) => [store.publishableKey, store])),
  origins: new Set(stores.flatMap((store) => store.allowedOrigins)),
})
