import { expect, test, vi } from 'vitest'
import { createAdmission } from './admission.ts'

const kept = () => expect.unreachable('told to give way')

test('the heaviest that is still being read gives way to a small one, and its bytes are free at once', () => {
  const admission = createAdmission({ deliveries: 10, bytes: 100 })
  const [heavy, light, small] = [admission.enter(), admission.enter(), admission.enter()]
  const giveWay = vi.fn()
  expect(heavy.weigh(60, giveWay)).toBe(true)
  expect(light.weigh(40, kept)).toBe(true)
  expect(giveWay).not.toHaveBeenCalled()
  expect(small.weigh(10, kept)).toBe(true)
  expect(giveWay).toHaveBeenCalledOnce()
  expect(admission.bytes).toBe(50)
  heavy.leave()
  expect([admission.bytes, admission.requests]).toEqual([50, 2])
})

test('who is the heaviest himself has no room', () => {
  const admission = createAdmission({ deliveries: 10, bytes: 100 })
  const [small, heavy] = [admission.enter(), admission.enter()]
  expect(small.weigh(40, kept)).toBe(true)
  expect(heavy.weigh(50, kept)).toBe(true)
  expect(heavy.weigh(20, kept)).toBe(false)
  heavy.leave()
  expect(admission.bytes).toBe(40)
})

test('a delivery that has begun keeps its room, however heavy', () => {
  const admission = createAdmission({ deliveries: 10, bytes: 100 })
  const [begun, next] = [admission.enter(), admission.enter()]
  expect(begun.weigh(90, kept)).toBe(true)
  expect(begun.begin()).toBe(true)
  expect(next.weigh(20, kept)).toBe(false)
  next.leave()
  begun.leave()
  expect([admission.bytes, admission.requests]).toEqual([0, 0])
})
