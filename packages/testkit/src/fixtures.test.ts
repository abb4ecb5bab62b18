import { afterEach, expect, test, vi } from 'vitest'
import { fixturesFolder, readFixture, withFixtures } from './fixtures.ts'

afterEach(() => vi.unstubAllEnvs())

withFixtures(test)('a fixture is read as its exact bytes', () => {
  expect(JSON.parse(readFixture('shopify', 'shop.redact.json').toString())).toHaveProperty('shop_domain')
})

test('without fixtures a test is skipped and says so', () => {
  vi.stubEnv('VARAI_FIXTURES', '/nowhere')
  expect(fixturesFolder()).toBeUndefined()
  const skipped: string[] = []
  const run = vi.fn()
  withFixtures(Object.assign(run, { skip: (name: string, _body: () => void) => skipped.push(name) }))(
    'orders',
    () => {},
  )
  expect(run).not.toHaveBeenCalled()
  expect(skipped).toEqual([expect.stringMatching(/^orders \(skipped: /)])
  expect(() => readFixture('shopify', 'shop.redact.json')).toThrow('no fixtures')
})
