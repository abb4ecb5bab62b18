import { parseLossless, read, retryAfterMs } from '@varai/ingest/pure'
import { ApiRefused, ApiUnavailable } from './api-failure.ts'
import { post } from './post.ts'

/** A token that Shopify granted. Never log it. */
export type Grant = {
  readonly accessToken: string
  /** Epoch ms. */
  readonly expiresAt: number
  /** Its successor takes the place of the one that was used. */
  readonly refreshToken?: string
}

/** Which of the app's rights to a token is used. */
export type GrantRequest =
  | { readonly kind: 'client-credentials' }
  | { readonly kind: 'refresh'; readonly refreshToken: string }

/**
 * Asks Shopify for a token, once: a refresh token that was used may be spent even where the answer was lost, so only the
 * caller can know whether to ask again. Rejects with ApiRefused or ApiUnavailable.
 */
export type AskGrant = (request: GrantRequest, signal: AbortSignal) => Promise<Grant>

export function createAskGrant(app: {
  readonly apiUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly timeoutMs?: number
  readonly now?: () => number
}): AskGrant {
  const now = app.now ?? Date.now
  return async (request, signal) => {
    const body = new URLSearchParams({ client_id: app.clientId, client_secret: app.clientSecret, ...formOf(request) })
    const asked = { headers: { accept: 'application/json' }, body }
    const sentAt = now()
    const answer = await post(`${app.apiUrl}/admin/oauth/access_token`, asked, {
      ...{ signal, timeoutMs: app.timeoutMs ?? 10_000 },
    })
    const { status } = answer
    if (status === 429 || status >= 500) {
      const wait = retryAfterMs(answer.headers.get('retry-after'), now())
      throw new ApiUnavailable('server', `HTTP ${status} for a token`, wait === undefined ? {} : { retryAfterMs: wait })
    }
    const parsed = parseLossless(answer.body)
    const fields = read(parsed.ok ? parsed.value : undefined)
    if (status !== 200)
      throw new ApiRefused('unauthorised', `no token: ${errorCode(fields.optionalText('error'), status)}`)
    const grant = fields.result({
      accessToken: fields.text('access_token'),
      expiresAt: sentAt + Number(fields.optionalDecimal('expires_in') ?? 3_600) * 1000,
      refreshToken: fields.optionalText('refresh_token'),
    })
    if (!grant.ok) throw new ApiUnavailable('unreadable', 'the answer holds no token')
    const { refreshToken, ...rest } = grant.value
    return refreshToken === undefined ? rest : { ...rest, refreshToken }
  }
}

const formOf = (request: GrantRequest): Record<string, string> =>
  request.kind === 'refresh'
    ? { grant_type: 'refresh_token', refresh_token: request.refreshToken }
    : { grant_type: 'client_credentials' }

/** OAuth's own words only: what a stranger writes here goes into our logs. */
const errorCode = (text: string | undefined, status: number): string =>
  text !== undefined && /^[a-z_]{1,40}$/.test(text) ? text : `HTTP ${status}`
