import { expect, test } from 'vitest'
import { millimetres } from './millimetres.ts'

test.each([
  ['52', '52'],
  ['52 mm', '52'],
  ['52.50mm', '52.5'],
  ['5,2 cm', '52'],
  ['0.14 m', '140'],
  ['{"value":52.0,"unit":"mm"}', '52'],
  ['{"unit":"CENTIMETERS","value":"14.05"}', '140.5'],
])('%s is %s mm', (text, size) => {
  expect(millimetres(text)).toBe(size)
})

test.each(['', 'medium', '52□18', '50-54', '-5', '0', '2 in', '{"value":52}', '{"value":"x","unit":"mm"}', '{}'])(
  '%j is no size',
  (text) => {
    expect(millimetres(text)).toBeUndefined()
  },
)
