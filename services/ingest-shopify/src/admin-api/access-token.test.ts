import { type AdminApi, createShop, startAdminApi } from '@varai/simulator'
import { testClock } from '@varai/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clientCredentialsToken, renewedToken, staticToken } from './access-token.ts'
import { createAskGrant } from './token-grant.ts'

const shop = createShop({ ...{ seed: 1, merchantId: 'm', storeId: 'm.myshopify.com', secret: 's', deliveries: 5 } })
const signal = new AbortController().signal
let served: AdminApi
beforeEach(async () => {
  served = await startAdminApi({ shop, credentials: { clientId: 'app', clientSecret: 'hush' } })
})
afterEach(() => served.close())

const app = (clientSecret = 'hush') => createAskGrant({ apiUrl: served.url, clientId: 'app', clientSecret })

test('client credentials: granted once for all who ask, and kept', async () => {
  const token = clientCredentialsToken(app(), signal)
  const got = await Promise.all([token.current(signal), token.current(signal), token.current(signal)])
  expect(new Set([...got, await token.current(signal)]).size).toBe(1)
  expect(served.requests.map(({ operation, outcome }) => [operation, outcome])).toEqual([
    ['client_credentials', 'granted'],
  ])
})

test('a token is renewed before it ends, and when it is refused', async () => {
  const clock = testClock()
  let made = 0
  const ended: (string | undefined)[] = []
  const token = renewedToken({
    now: clock.now,
    renew: async (of) => {
      ended.push(of)
      made += 1
      return { accessToken: `token ${made}`, expiresAt: clock.now() + 3_600_000 }
    },
  })
  expect(await token.current(signal)).toBe('token 1')
  clock.advance(57 * 60_000)
  expect(await token.current(signal)).toBe('token 1')
  clock.advance(2 * 60_000)
  expect(await token.current(signal)).toBe('token 2')
  expect(token.refused('token 2')).toBe(true)
  expect(await token.current(signal)).toBe('token 3')
  token.refused('token 2')
  expect(await token.current(signal)).toBe('token 3')
  expect(ended).toEqual([undefined, 'token 1', 'token 2'])
})

test('a failed renewal fails those who waited, and the next tries again', async () => {
  served.failNextGrant({ kind: 'status', status: 503 })
  const token = clientCredentialsToken(app(), signal)
  const waiting = await Promise.allSettled([token.current(signal), token.current(signal)])
  expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await token.current(signal)).toMatch(/^shpat_/)
})

test.each([
  ['a wrong secret', () => app('loud'), { name: 'ApiRefused', reason: 'unauthorised' }],
  [
    'no token endpoint',
    () => createAskGrant({ apiUrl: `${served.url}/x`, clientId: 'a', clientSecret: 'b' }),
    { name: 'ApiRefused' },
  ],
])('%s is refused', async (_, askGrant, failure) => {
  await expect(clientCredentialsToken(askGrant(), signal).current(signal)).rejects.toMatchObject(failure)
})

test('a token of the stores file cannot be renewed', () => {
  expect(staticToken('shpat').refused('shpat')).toBe(false)
})
