import { describe, expect, test } from 'vitest'
import { startMagentoCore } from './magento-core.ts'

const now = Date.UTC(2026, 10, 22, 12) / 1000
const week = 7 * 86_400

type Try = { status: number | null; retryAfter?: string; attempts?: number; firstAt?: number; chance?: number }

describe.each(['8.1', '8.4'] as const)('PHP %s', async (version) => {
  const php = await startMagentoCore(version)
  /** Outcome, and seconds until the next attempt. */
  const after = async ({ status, retryAfter, attempts = 1, firstAt = now, chance = 0 }: Try) => {
    const plan = await php(
      `RetryPlan::after(new Attempt($given['status'], $given['retryAfter']), $given['attempts'], $given['firstAt'], $given['now'], $given['chance'])`,
      { status, retryAfter: retryAfter ?? null, attempts, firstAt, now, chance },
    )
    const { outcome, at } = plan as { outcome: string; at: number | null }
    return [outcome, at === null ? null : at - now]
  }

  test.each([200, 202, 204, 299])('%i is an acknowledgement', async (status) => {
    expect(await after({ status, firstAt: now - week })).toEqual(['delivered', null])
  })

  test.each([null, 408, 429, 500, 503])('%s is tried again soon, then ever later, an hour at most', async (status) => {
    const pauses = []
    for (const attempts of [1, 2, 3, 8, 9, 10_000]) pauses.push((await after({ status, attempts }))[1])
    expect(pauses).toEqual([15, 30, 60, 1920, 3600, 3600])
  })

  test.each([100, 301, 303, 400, 401, 403, 404, 413])('%i waits for a person, and is not given up', async (status) => {
    expect(await after({ status })).toEqual(['again', 300])
    expect(await after({ status, attempts: 9 })).toEqual(['again', 3600])
  })

  test('what failed together is spread by up to a quarter', async () => {
    expect(await after({ status: 500, attempts: 3, chance: 1 })).toEqual(['again', 75])
  })

  test('the wish of the other side is honoured, within reason', async () => {
    expect(await after({ status: 503, retryAfter: '120' })).toEqual(['again', 120])
    expect(await after({ status: 503, retryAfter: '3' })).toEqual(['again', 15])
    expect(await after({ status: 503, retryAfter: 'Sun, 22 Nov 2026 12:10:00 GMT' })).toEqual(['again', 600])
    expect(await after({ status: 429, retryAfter: '999999999' })).toEqual(['again', 21_600])
    for (const odd of ['', 'tomorrow', '-5', '1e9', 'Sun, 22 Nov 2026 11:00:00 GMT', 'Sun, nonsense'])
      expect(await after({ status: 503, retryAfter: odd })).toEqual(['again', 15])
  })

  test.each([null, 401, 503])('after a week of %s a person has to look', async (status) => {
    expect((await after({ status, firstAt: now - week + 1 }))[0]).toBe('again')
    expect(await after({ status, firstAt: now - week })).toEqual(['dead', null])
  })
})
