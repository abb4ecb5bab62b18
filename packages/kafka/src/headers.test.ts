import { expect, test } from 'vitest'
import { rawHeaders, textHeaders } from './headers.ts'

test('of a header that comes several times the last counts; absent ones are left out', () => {
  const headers = { traceparent: [Buffer.from('00-a'), Buffer.from('00-b')], empty: undefined, plain: 'text', none: [] }
  expect(textHeaders(headers)).toEqual({ traceparent: '00-b', plain: 'text' })
  expect(rawHeaders(headers)).toEqual({ traceparent: Buffer.from('00-b'), plain: 'text' })
  expect(textHeaders(undefined)).toEqual({})
})
