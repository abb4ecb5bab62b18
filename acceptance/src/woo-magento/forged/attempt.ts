import { describe, type Request, send } from '../../system/send.ts'

/** A request that is not what it claims to be. */
export type Attempt = {
  readonly door: 'WooCommerce' | 'Magento module' | 'Adobe'
  readonly name: string
  /** The answer, in the words of `describe`. */
  readonly wanted: string
  /** The orders that it names, and which of them are taken all the same, because they are genuine. */
  readonly names: readonly number[]
  readonly admits: readonly number[]
  /** Resolves with what was answered. */
  run(): Promise<string>
}

/** Ids of orders, none twice. */
export const createOrderIds = (from: number): (() => number) => {
  let last = from
  return () => {
    last += 1
    return last
  }
}

export const answerTo = async (url: string, request: Request): Promise<string> => describe(await send(url, request))

/** The request with other headers; undefined takes one away. */
export function withHeaders(request: Request, changes: Readonly<Record<string, string | undefined>>): Request {
  const headers = Object.entries({ ...request.headers, ...changes })
  return {
    ...request,
    headers: Object.fromEntries(headers.filter((each): each is [string, string] => each[1] !== undefined)),
  }
}
