import { describe, expect, test } from 'vitest'
import { startPluginCore } from './plugin-core.ts'

describe.each(['8.1', '8.4'] as const)('PHP %s', async (version) => {
  const php = await startPluginCore(version)

  test.each([
    ['https://sync.example.com/', 'https://sync.example.com'],
    [' https://sync.example.com/varai ', 'https://sync.example.com/varai'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://sync.example.com', null],
    ['https://user:word@sync.example.com', null],
    ['https://sync.example.com?x=1', null],
    ['ftp://sync.example.com', null],
    ['sync.example.com', null],
    ['', null],
  ])('the address %j is %s', async (typed, expected) => {
    expect(await php('Setup::address($given)', typed)).toBe(expected)
  })

  test.each([
    ['0123456789abcdef', '0123456789abcdef'],
    [' 0123456789abcdef ', '0123456789abcdef'],
    ['short', null],
    ['with spaces in it 123', null],
    ['0123456789abcde&', null],
    ['0123456789abcde"', null],
    ['0123456789abcdeß', null],
  ])('the secret %j is %s', async (typed, expected) => {
    expect(await php('Setup::secret($given)', typed)).toBe(expected)
  })

  test('what was not acknowledged goes out again, ever later, for two weeks', async () => {
    const pauses = await php(
      'array_map(fn ($attempts) => ResendPlan::next($attempts, 1000) - 1000, [1, 2, 3, 7, 8, 999])',
    )
    expect(pauses).toEqual([300, 600, 1200, 19_200, 21_600, 21_600])
    expect(await php('array_map(fn ($age) => ResendPlan::isOver(1000, 1000 + $age), [0, 1209599, 1209600])')).toEqual([
      ...[false, false, true],
    ])
    expect(await php('array_map([ResendPlan::class, "acknowledges"], [0, 199, 200, 204, 301, 401, 503])')).toEqual([
      ...[false, false, true, true, false, false, false],
    ])
  })

  test('topics follow the choice of the owner', async () => {
    expect(await php(`Topics::of(['ai_sessions', 'face_analyses'])`)).toEqual([
      'varai_ai_session.completed',
      'varai_face_analysis.completed',
    ])
    expect(await php(`Topics::of([])`)).toEqual([])
    expect(await php(`array_diff(Topics::USUAL, array_keys(Topics::GROUPS))`)).toEqual([])
  })
})
