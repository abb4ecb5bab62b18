import type { IncomingMessage } from 'node:http'
import { type Admission, claimedLength, giveBack, readBody } from '@varai/ingest'
import pTimeout from 'p-timeout'
import { type Answer, overloaded, tooLarge, unavailable } from './answer.ts'

export type BodyWork = {
  readonly maxBytes: number
  /** Whoever is not answered in time is told to come again; the work goes on. */
  readonly withinMs: number
  /** Turns the request away before anything is made of its body. */
  readonly refuse?: (bytes: Buffer) => Answer | undefined
  readonly work: (bytes: Buffer) => Promise<Answer>
}

/** Reads a body within the bounds of the process and answers it. Undefined when the sender went away. */
export async function takeBody(
  request: IncomingMessage,
  admission: Admission,
  { maxBytes, withinMs, refuse, work }: BodyWork,
): Promise<Answer | undefined> {
  if (claimedLength(request) > maxBytes) return tooLarge
  const passage = admission.enter()
  let working: Promise<Answer> | undefined
  try {
    const body = await readBody(request, maxBytes, passage.weigh)
    if (body.kind === 'broken-off') return undefined
    if (body.kind !== 'whole') return body.kind === 'too-large' ? tooLarge : overloaded
    const refusal = refuse?.(body.bytes)
    if (refusal !== undefined) {
      giveBack(body.bytes)
      return refusal
    }
    if (!passage.begin()) return overloaded
    working = work(body.bytes)
    return await pTimeout(working, { milliseconds: withinMs, fallback: () => unavailable })
  } finally {
    // Late work still holds its bytes: its place becomes free with it, not with the answer.
    if (working === undefined) passage.leave()
    else void working.then(passage.leave, passage.leave)
  }
}
