import type { RawAnswer } from '../pure/answer-headers.ts'
import { jsonLimits } from '../pure/parse-lossless.ts'

/** The network, or the time, failed. Never holds the URL: it may carry the secret. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
  /** ms until the store wants to be asked again; undefined where it did not say. */
  readonly afterMs: number | undefined
  constructor(message: string, afterMs?: number) {
    super(message)
    this.afterMs = afterMs
  }
}

/** There was an answer, and it was larger than we read: who asked for a page may ask for less. */
export class AnswerTooLarge extends NoAnswer {
  override name = 'AnswerTooLarge'
}

/**
 * GETs and reads the whole answer, of at most `maxBytes` (10 MiB). Rejects with NoAnswer; with the signal's reason when that is
 * aborted. Follows no redirect: the proof of who asks belongs to the configured address alone.
 */
export async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  of: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly maxBytes?: number },
): Promise<RawAnswer> {
  const timeout = AbortSignal.timeout(of.timeoutMs)
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([of.signal, timeout]),
    })
    return {
      status: response.status,
      headers: response.headers,
      body: await wholeBody(response, of.maxBytes ?? jsonLimits.maxBytes),
    }
  } catch (error) {
    of.signal.throwIfAborted()
    if (error instanceof NoAnswer) throw error
    throw new NoAnswer(timeout.aborted ? `no answer within ${of.timeoutMs} ms` : 'no connection, or it broke')
  }
}

async function wholeBody(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new AnswerTooLarge('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
