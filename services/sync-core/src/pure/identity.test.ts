import { describe, expect, test } from 'vitest'
import { Components, emailKey } from './identity.ts'

describe('an e-mail identifies', () => {
  test.each([
    ['Ann@Example.AT', 'optik|ann@example.at'],
    ['  ann@example.at\t', 'optik|ann@example.at'],
    ['"odd@local"@example.at', 'optik|"odd@local"@example.at'],
    ['jose\u0301@example.at', 'optik|jos\u00e9@example.at'],
    ['JOSE\u0301@example.at', 'optik|jos\u00e9@example.at'],
  ])('%j as %s', (email, key) => {
    expect(emailKey('optik', email)).toBe(key)
  })
  test.each([null, undefined, 7, '', '@', 'ann', 'ann@', '@example.at'])('not when it is %j', (email) => {
    expect(emailKey('optik', email)).toBeUndefined()
  })
  test('not across merchants', () => {
    expect(emailKey('rival', 'ann@example.at')).not.toBe(emailKey('optik', 'ann@example.at'))
  })
})

test('what is linked is connected, over any number of links', () => {
  const components = new Components()
  const ids = Array.from({ length: 100 }, (_, at) => `${at}`)
  for (const [at, id] of ids.entries()) components.link(id, ids[(at * 7) % 50] ?? '')
  components.add('alone')
  expect(new Set(ids.filter((_, at) => at < 50).map((id) => components.rootOf(id))).size).toBeLessThan(50)
  expect(components.rootOf('alone')).toBe('alone')
  components.link('alone', '0')
  expect(components.rootOf('alone')).toBe(components.rootOf('0'))
})
