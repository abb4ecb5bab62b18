import { describe, expect, test } from 'vitest'
import { addressFrom } from './environment.ts'

describe('addresses from the environment', () => {
  test('brokers are a list', () => {
    expect(addressFrom('kafka', 'a:9092, b:9093', {})).toEqual({ kafka: { brokers: ['a:9092', 'b:9093'] } })
  })

  test('the registry loses a slash at its end, which clients would double', () => {
    expect(addressFrom('registry', 'http://r:8080/apis/ccompat/v7/', {})).toEqual({
      registry: { url: 'http://r:8080/apis/ccompat/v7' },
    })
  })

  test.each([
    ['mongodb://a:1,b:2/shop?w=1', {}, 'shop'],
    ['mongodb://a:1/?directConnection=true', {}, 'varai'],
    ['mongodb+srv://cluster/shop', { VARAI_MONGO_DATABASE: 'other' }, 'other'],
  ])('the database of %s', (url, env, database) => {
    expect(addressFrom('mongo', url, env)).toEqual({ mongo: { url, database } })
  })

  test.each([
    ['kafka', 'http://broker:9092'],
    ['kafka', 'broker'],
    ['registry', 'registry:8080'],
    ['mongo', 'http://:hunter2@db'],
    ['redis', 'http://:hunter2@cache:6379'],
  ] as const)('a wrong one for %s is refused by its variable, without being repeated', (component, value) => {
    const refuse = () => addressFrom(component, value, {})
    expect(refuse).toThrow(/^VARAI_[A-Z_]+ must b/)
    expect(refuse).not.toThrow('hunter2')
  })
})
