import { describe, expect, test } from 'vitest'
import { startPluginCore } from './plugin-core.ts'

describe.each(['8.1', '8.4'] as const)('PHP %s', async (version) => {
  const php = await startPluginCore(version)
  const meta = (...steps: unknown[]) =>
    php(
      `(object) array_reduce($given, fn ($held, $step) => $held->followedBy(Journey::read($step)), Journey::read(null))->orderMeta()`,
      steps,
    )

  test('a journey becomes meta data of the order', async () => {
    expect(await meta({ aiSessionId: 's-1', recommendationIds: ['r-2', 'r-10', 'r-2'] })).toEqual({
      _varai_ai_session_id: 's-1',
      _varai_recommendation_ids: '["r-2","r-10"]',
    })
  })

  test('recommendations of one session are united, another session begins anew', async () => {
    const first = { aiSessionId: 's-1', recommendationIds: ['r-1'] }
    expect(await meta(first, { recommendationIds: ['r-2'] })).toMatchObject({
      _varai_ai_session_id: 's-1',
      _varai_recommendation_ids: '["r-1","r-2"]',
    })
    expect(await meta(first, { aiSessionId: 's-2' })).toEqual({ _varai_ai_session_id: 's-2' })
  })

  test.each([[null], ['x'], [{}], [{ aiSessionId: '<script>', recommendationIds: 'r-1' }], [{ aiSessionId: ['s'] }]])(
    '%j says nothing, and takes nothing away',
    async (odd) => {
      expect(await meta(odd)).toEqual({})
      expect(await meta({ aiSessionId: 's-1' }, odd)).toEqual({ _varai_ai_session_id: 's-1' })
    },
  )

  test('an endless list of recommendations ends at 100', async () => {
    const ids = Array.from({ length: 500 }, (_, index) => `r-${index}`)
    expect(await php(`count(Journey::read($given)->recommendationIds)`, { recommendationIds: ids })).toBe(100)
  })

  test.each([
    ['52', '52'],
    ['52,5 mm', '52.5'],
    [' 140.50MM ', '140.5'],
    ['052', '52'],
    ['0', null],
    ['wide', null],
    ['52 cm', null],
    ['1400', null],
    ['52\n', '52'],
  ])('the size %j is %s', async (typed, expected) => {
    expect(await php('FrameFacts::size($given)', typed)).toBe(expected)
  })

  test('lists are typed with commas', async () => {
    expect(await php('FrameFacts::commaList($given)', ' Oval ,, heart,OVAL')).toBe('oval, heart')
  })
})
