import { expect, test } from 'vitest'
import { frameFacts } from './frame-facts.ts'

const frame = (kept: Record<string, string>) =>
  frameFacts((name) => (Object.hasOwn(kept, name) ? kept[name] : undefined))

test('lists may be JSON or words with commas, and the usual name of a fact goes before its other one', () => {
  const { facts } = frame({
    ...{ recommended_face_shapes: '["oval", " round "]', frame_shape: '["cat-eye"]' },
    ...{ frame_color: 'black', frame_colour: 'noir', lens_type: 'single, progressive' },
  })
  expect(facts).toMatchObject({
    ...{ recommendedFaceShapes: ['oval', 'round'], frameShape: 'cat-eye', frameColor: 'black' },
    lensType: 'single, progressive',
  })
})

test('what is not kept is told apart from what cannot be read', () => {
  const { facts, unstated, unreadable } = frame({ lens_width: '52', bridge_width_mm: 'wide', frame_material: 'steel' })
  expect(facts).toMatchObject({ lensWidthMm: '52', bridgeWidthMm: undefined })
  expect(unreadable).toEqual(['bridge_width_mm'])
  expect(unstated).toContain('frameShape')
  expect(unstated).not.toContain('bridgeWidthMm')
})
