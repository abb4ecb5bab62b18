import { jsonLimits } from '@varai/ingest/pure'
import { ApiUnavailable } from './api-failure.ts'

export type Posted = { readonly status: number; readonly headers: Headers; readonly body: Buffer }

/**
 * POSTs and reads the whole answer, of at most 10 MiB. Rejects with ApiUnavailable when the network or the time fails,
 * and with the signal's reason when that is aborted. Follows no redirect: a POST would become a GET.
 */
export async function post(
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string | URLSearchParams },
  of: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Posted> {
  const timeout = AbortSignal.timeout(of.timeoutMs)
  try {
    const response = await fetch(url, {
      method: 'POST',
      ...request,
      redirect: 'manual',
      signal: AbortSignal.any([of.signal, timeout]),
    })
    return { status: response.status, headers: response.headers, body: await wholeBody(response) }
  } catch (error) {
    of.signal.throwIfAborted()
    if (error instanceof ApiUnavailable) throw error
    if (timeout.aborted) throw new ApiUnavailable('time-out', `no answer within ${of.timeoutMs} ms`)
    throw new ApiUnavailable('network', 'no connection, or it broke', { cause: error })
  }
}

async function wholeBody(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > jsonLimits.maxBytes) throw new ApiUnavailable('unreadable', 'the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
