import { Decimal128 } from 'mongodb'
import { type Minor, plainAmount } from '../money.ts'
import type { Address } from '../shop/model.ts'

/** Values as the database is to hold them: ids as text, money as Decimal128, times as Date to the second. */
export type Value =
  | null
  | boolean
  | number
  | string
  | Date
  | Decimal128
  | readonly Value[]
  | { readonly [name: string]: Value }

export const money = (amount: Minor, currency: string): Decimal128 =>
  Decimal128.fromString(plainAmount(amount, currency))

/** Shops tell times to the second. */
export const time = (at: number): Date => new Date(Math.floor(at / 1000) * 1000)
export const optionalTime = (at: number | null): Date | null => (at === null ? null : time(at))

export const id = (of: bigint): string => of.toString()
export const optionalId = (of: bigint | null | undefined): string | null => of?.toString() ?? null

/** An address; `isDefault` only where the shop says it, which is among a customer's. */
export const address = (of: Address, isDefault: boolean | null): Value => ({
  id: optionalId(of.id),
  firstName: of.firstName,
  lastName: of.lastName,
  company: of.company,
  address1: of.address1,
  address2: of.address2,
  city: of.city,
  zip: of.zip,
  province: of.province,
  provinceCode: of.provinceCode,
  country: of.country,
  countryCode: of.countryCode,
  phone: of.phone,
  isDefault,
})
