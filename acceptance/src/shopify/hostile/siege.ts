import { type Signed, signedRequest } from '@varai/simulator'
import type { SystemContext } from '../../system/open-system.ts'
import { describe, send } from '../../system/send.ts'
import { stores } from '../stores.ts'

/** One kind of hostility, and how the service answers it. */
export type Attack = {
  name: string
  /** In the words of `describe`. */
  wanted: string | RegExp
  /** Resolves with what was answered. */
  run(siege: Siege): Promise<string>
}

/** The attacked service, and what is known of the deliveries that went there. */
export type Siege = {
  readonly context: SystemContext
  url(): string
  /** A small order of the besieged store, each with an id of its own, signed as it should be. */
  order(changes?: { body?: (text: string) => Buffer; topic?: string; secret?: string }): Signed
  /** A genuine delivery goes through right now: its status. */
  genuine(): Promise<string>
  /** Ids of the orders of genuine deliveries that were answered with 200. */
  readonly taken: readonly string[]
}

export function besiege(context: SystemContext): Siege {
  const { storeId, secret } = stores.besieged
  const taken: string[] = []
  let number = 0

  function order({ body, topic = 'orders/create', secret: signer = secret }: Parameters<Siege['order']>[0] = {}) {
    number += 1
    const text = orderText(number)
    return signedRequest(body?.(text) ?? text, {
      ...{ topic, shopDomain: storeId, secret: signer, webhookId: `besieged-${number}` },
      triggeredAt: '2026-11-20T10:00:00Z',
    })
  }
  return {
    context,
    url: context.webhookUrl,
    order,
    async genuine() {
      const sent = order()
      const id = orderId(number)
      const answer = describe(await send(context.webhookUrl(), sent))
      if (answer === '200') taken.push(id)
      return answer
    },
    taken,
  }
}

const orderId = (number: number): string => String(5_000_000 + number)

const orderText = (number: number): string =>
  `{"id":${orderId(number)},"name":"#${number}","created_at":"2026-11-20T10:00:00Z","updated_at":"2026-11-20T10:00:00Z","currency":"EUR","total_price":"189.90","financial_status":"pending","line_items":[]}`
