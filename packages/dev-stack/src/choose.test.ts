import { describe, expect, test } from 'vitest'
import { choose, describeChoice } from './choose.ts'

const env = { VARAI_REDIS_URL: 'redis://10.0.0.1:6379' }

describe('each component is chosen by itself', () => {
  test('an address in the environment comes before Docker', () => {
    expect(choose('redis', { env, docker: true })).toMatchObject({ how: 'environment', value: env.VARAI_REDIS_URL })
  })

  test('Docker, when its engine answers, comes before native', () => {
    expect(choose('kafka', { env, docker: true })).toEqual({ how: 'docker', detail: 'apache/kafka:4.1.0' })
  })

  test('native is what always remains', () => {
    expect(choose('kafka', { env, docker: false })).toMatchObject({ how: 'native' })
  })

  test('an empty variable is no address', () => {
    expect(choose('redis', { env: { VARAI_REDIS_URL: ' ' }, docker: false }).how).toBe('native')
  })
})

describe('a mode allows one way only', () => {
  test('native passes over addresses and Docker', () => {
    expect(choose('redis', { env, docker: true, mode: 'native' }).how).toBe('native')
  })

  test('environment names the variable that is missing', () => {
    expect(() => choose('mongo', { env, docker: true, mode: 'environment' })).toThrow('VARAI_MONGO_URL')
  })

  test('docker says that no engine answers', () => {
    expect(() => choose('redis', { env, docker: false, mode: 'docker' })).toThrow('no Docker engine answers')
  })
})

test('what is printed of an address from the environment is its variable, never its password', () => {
  const plan = choose('redis', { env: { VARAI_REDIS_URL: 'redis://:secret@cache:6379' }, docker: false })
  expect(describeChoice(plan)).toBe('environment (VARAI_REDIS_URL)')
})
