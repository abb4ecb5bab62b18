import { createRandom } from '../random.ts'

/** What the app of a shop may present. Without any of them every request is refused. */
export type AppCredentials = {
  /** One that never ends. */
  readonly accessToken?: string
  readonly clientId?: string
  readonly clientSecret?: string
  /** The refresh token that the app was given when the shop installed it. */
  readonly refreshToken?: string
}

export type TokenAnswer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

export type Tokens = {
  accepts(accessToken: string | undefined): boolean
  /** Answers the token endpoint. A refresh token is good for one use; a new pair ends the pair before. */
  grant(form: URLSearchParams): TokenAnswer
  /** Ends every access token that was granted, as if its time had come. */
  expire(): void
}

const hour = 3_600
const refused = (error: string, description: string): TokenAnswer => ({
  status: 400,
  body: { error, error_description: description },
})

export function createTokens(of: {
  readonly credentials: AppCredentials
  readonly scopes: readonly string[]
  readonly seed: string
  readonly now: () => number
  /** Seconds; as Shopify has them unless told. */
  readonly lifetimes?: { readonly clientCredentials?: number; readonly offline?: number }
}): Tokens {
  const random = createRandom(`${of.seed}|tokens`)
  const granted = new Map<string, number>()
  let refreshToken = of.credentials.refreshToken

  function issue(seconds: number): { access_token: string; scope: string; expires_in: number } {
    const accessToken = `shpat_${random.uuid().replaceAll('-', '')}`
    granted.set(accessToken, of.now() + seconds * 1_000)
    return { access_token: accessToken, scope: of.scopes.join(','), expires_in: seconds }
  }

  return {
    accepts(accessToken) {
      if (accessToken === undefined) return false
      return accessToken === of.credentials.accessToken || (granted.get(accessToken) ?? 0) > of.now()
    },
    grant(form) {
      const { clientId, clientSecret } = of.credentials
      const known = clientId !== undefined && form.get('client_id') === clientId
      if (!known || form.get('client_secret') !== clientSecret) {
        return refused('invalid_client', 'The client is not known, or its secret is another.')
      }
      switch (form.get('grant_type')) {
        case 'client_credentials':
          return { status: 200, body: issue(of.lifetimes?.clientCredentials ?? 24 * hour) }
        case 'refresh_token': {
          if (refreshToken === undefined || form.get('refresh_token') !== refreshToken) {
            return refused('invalid_grant', 'This refresh token was used before, or has ended.')
          }
          refreshToken = `shprt_${random.uuid().replaceAll('-', '')}`
          granted.clear()
          const fresh = issue(of.lifetimes?.offline ?? hour)
          return {
            status: 200,
            body: { ...fresh, refresh_token: refreshToken, refresh_token_expires_in: 90 * 24 * hour },
          }
        }
        default:
          return refused('unsupported_grant_type', 'No such grant.')
      }
    },
    expire: () => granted.clear(),
  }
}
