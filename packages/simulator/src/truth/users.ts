import type { CustomerHistory, PersonalField } from './customer-history.ts'
import type { Value } from './values.ts'

/** What a document of `users` must be in the end: a person, or where the person is found. */
export type ExpectedUser = { id: string; changedAt: Date } & (
  | { redirectTo: string }
  | { deleted: boolean; fields: Readonly<Record<string, Value>> }
)

/** Fields that a person has from one and the same customer, the one who changed any of them last. */
const groups: readonly (readonly PersonalField[])[] = [['firstName', 'lastName'], ['email'], ['phone']]

/** So many accounts with one address at most are one person. */
const mostAccounts = 20

/**
 * The people behind customers. One merchant's customers with the same address, whatever its case, are one person, unless
 * the address cannot tell who it is: two open accounts of one shop have it, or too many. Those without an address are
 * persons of their own. The person stands under the id of the oldest account, closed ones
 * included; every other account leads there. What is shown comes from open accounts only.
 */
export function usersOf(customers: readonly CustomerHistory[]): Map<string, ExpectedUser> {
  const sharing = [...Map.groupBy(customers, identityOf).values()]
  const people = sharing.flatMap((accounts) => (isOne(accounts) ? [accounts] : accounts.map((account) => [account])))
  const users = new Map<string, ExpectedUser>()
  for (const accounts of people) {
    const [oldest, ...others] = accounts.toSorted(bySeniority)
    if (oldest === undefined) continue
    const changedAt = new Date(Math.max(...accounts.map((account) => account.changedAt.getTime())))
    users.set(oldest.recordId, { id: oldest.recordId, changedAt, ...personOf(accounts) })
    for (const { recordId: id } of others) users.set(id, { id, changedAt, redirectTo: oldest.recordId })
  }
  return users
}

function identityOf({ merchantId, recordId, runs }: CustomerHistory): string {
  const { value } = runs.email
  return typeof value === 'string' ? `${merchantId} ${value.trim().normalize('NFC').toLowerCase()}` : recordId
}

function isOne(accounts: readonly CustomerHistory[]): boolean {
  const shops = accounts.filter(({ deletedAt }) => deletedAt === undefined).map(({ storeId }) => storeId)
  return accounts.length <= mostAccounts && new Set(shops).size === shops.length
}

const byId = (one: CustomerHistory, other: CustomerHistory): number => (one.recordId < other.recordId ? -1 : 1)
const bySeniority = (one: CustomerHistory, other: CustomerHistory): number =>
  one.createdAt.getTime() - other.createdAt.getTime() || byId(one, other)

function personOf(accounts: readonly CustomerHistory[]): { deleted: boolean; fields: Record<string, Value> } {
  const open = accounts.filter(({ deletedAt }) => deletedAt === undefined).toSorted(byId)
  const deaths = accounts.flatMap(({ deletedAt }) => deletedAt ?? [])
  const births = accounts.map(({ createdAt }) => createdAt.getTime())
  const shown: Record<string, Value> = {}
  for (const group of groups) {
    const winner = lastToChange(open, group)
    for (const field of group) shown[field] = winner?.runs[field].value ?? null
  }
  const platforms = Map.groupBy(open, ({ recordId }) => recordId.split('|')[1] ?? '')
  const listed = [...platforms].map(([platform, accounts]) => [
    platform,
    accounts.map(({ storeId, platformId, createdAt }) => ({ storeId, id: platformId, createdAt })),
  ])
  return {
    deleted: open.length === 0,
    fields: {
      merchantId: accounts[0]?.merchantId ?? null,
      createdAt: new Date(Math.min(...births)),
      ...deathOf(open.length === 0 ? deaths : []),
      ...shown,
      acceptsMarketing: consentOf(open),
      platforms: Object.fromEntries(listed),
      members: accounts.map(({ recordId }) => recordId).sort(),
    },
  }
}

/** When the last account was closed. Where a platform does not say when one was, nothing can be expected. */
function deathOf(deaths: readonly (Date | 'unknown')[]): { deletedAt?: Date | null } {
  if (deaths.includes('unknown')) return {}
  const times = deaths.map((death) => (death === 'unknown' ? 0 : death.getTime()))
  return { deletedAt: times.length === 0 ? null : new Date(Math.max(...times)) }
}

/** Who refused anywhere has refused. */
function consentOf(open: readonly CustomerHistory[]): boolean | null {
  const said = open.map(({ runs }) => runs.acceptsMarketing.value)
  return said.includes(false) ? false : said.includes(true) ? true : null
}

/** Who knows nothing of a group has no part in it; of two who changed it in the same second the smaller id wins. */
function lastToChange(open: readonly CustomerHistory[], group: readonly PersonalField[]): CustomerHistory | undefined {
  const changedAt = ({ runs }: CustomerHistory) => Math.max(...group.map((field) => runs[field].since))
  return open
    .filter(({ runs }) => group.some((field) => runs[field].value !== null))
    .toSorted((one, other) => changedAt(other) - changedAt(one) || byId(one, other))[0]
}
