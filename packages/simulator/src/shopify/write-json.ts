import { LosslessNumber, stringify } from 'lossless-json'
import { convert, type Minor, shopifyAmount } from '../money.ts'
import type { Order } from '../shop/model.ts'

/** What a body is made of. A bigint becomes a number with all its digits, whatever a double could hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | bigint
  | LosslessNumber
  | readonly Json[]
  | { readonly [name: string]: Json }

const escapes: Readonly<Record<string, string>> = { '/': '\\/', '&': '\\u0026', '<': '\\u003c', '>': '\\u003e' }

/** The bytes that Shopify would send and sign: slashes and HTML's signs escaped, other scripts as they are. */
export function writeJson(body: Json): Buffer {
  const text = stringify(body) ?? 'null'
  return Buffer.from(
    text.replace(/[/&<>]/g, (sign) => escapes[sign] ?? sign),
    'utf8',
  )
}

/** An amount where Shopify writes a number instead of a string. */
export const amountAsNumber = (amount: Minor, currency: string): LosslessNumber =>
  new LosslessNumber(shopifyAmount(amount, currency))

/** The same amount as the shop counts and as the buyer sees it. */
export function moneySet(order: Pick<Order, 'currency' | 'presentmentCurrency'>, amount: Minor): Json {
  const { currency, presentmentCurrency } = order
  const shown = convert(amount, currency, presentmentCurrency)
  return {
    shop_money: { amount: shopifyAmount(amount, currency), currency_code: currency },
    presentment_money: { amount: shopifyAmount(shown, presentmentCurrency), currency_code: presentmentCurrency },
  }
}

/** Writes times as the shop's settings say: to the second, with the offset of its zone. */
export function createTimeWriter(utcOffsetMinutes: number): TimeWriter {
  const magnitude = Math.abs(utcOffsetMinutes)
  const two = (value: number) => String(value).padStart(2, '0')
  const offset = `${utcOffsetMinutes < 0 ? '-' : '+'}${two(Math.floor(magnitude / 60))}:${two(magnitude % 60)}`
  const time = (at: number) => new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 19) + offset
  return { time, optionalTime: (at) => (at === null ? null : time(at)) }
}

export type TimeWriter = { time(at: number): string; optionalTime(at: number | null): string | null }

export const globalId = (kind: string, id: bigint): string => `gid://shopify/${kind}/${id}`
