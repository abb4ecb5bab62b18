import { parse } from 'lossless-json'
import { expect, test } from 'vitest'
import { readFlag, readInteger, readText, readUtcTime } from './foreign-values.ts'
import { read } from './read.ts'

const reader = (json: string) => read(parse(json))

test('all failures are told at once, each with its path', () => {
  const order = reader(`{
    "id": 1.5, "total": "12 EUR", "updated_at": "soon", "test": "maybe", "number": [], "customer": 7, "lines": {},
    "items": [{ "id": 1 }, null, { "id": "x", "price": {} }], "tags": ["a", 1, {}]
  }`)
  order.id('id')
  order.decimal('total')
  order.time('updated_at')
  order.optionalFlag('test')
  order.optionalText('number')
  order.text('name')
  order.child('customer')?.id('id')
  order.list('lines')
  for (const item of order.list('items')) {
    item.id('id')
    item.optionalDecimal('price')
  }
  order.texts('tags')
  const result = order.result('unused')
  expect(result).toMatchObject({ ok: false })
  expect(!result.ok && result.failures.map((failure) => `${failure.path}: ${failure.reason}`)).toEqual([
    'id: expected an id of digits',
    'total: expected a decimal of at most 20 digits, 6 of them after the point',
    'updated_at: expected a time with its offset',
    'test: expected true or false',
    'number: expected text',
    'name: is missing',
    'customer: expected an object',
    'lines: expected a list',
    'items[1]: expected an object',
    'items[2].id: expected an id of digits',
    'items[2].price: expected a decimal of at most 20 digits, 6 of them after the point',
    'tags[2]: expected text',
  ])
})

test('a document that is no object is one failure, whatever is asked of it', () => {
  for (const json of ['[]', '1', '"x"', 'null']) {
    const body = reader(json)
    body.id('id')
    expect(body.result(0)).toEqual({ ok: false, failures: [{ path: '', reason: 'expected an object' }] })
  }
})

test('null, an empty text and an absent key are no value; only a key that is there was emptied', () => {
  const body = reader('{"note":null,"phone":"","email":"a@b.example","zero":0,"off":false}')
  expect(body.optionalText('note')).toBeUndefined()
  expect(body.optionalText('phone')).toBeUndefined()
  expect(body.optionalText('absent')).toBeUndefined()
  expect(body.list('absent')).toEqual([])
  const names = { note: 'note', phone: 'phone', email: 'email', tags: 'absent', zero: 'zero', off: 'off' }
  expect(body.emptied(names)).toEqual(['note', 'phone'])
  expect(body.result('fine')).toEqual({ ok: true, value: 'fine', leftOut: [] })
})

test('names that every object inherits are not read', () => {
  const body = reader('{}')
  expect(body.states('constructor')).toBe(false)
  expect(body.optionalText('toString')).toBeUndefined()
})

test('free-form values that the contract cannot hold are left out, not rounded, and named', () => {
  const tax = reader('{"rate":0.072500000000000001,"price":1.5}')
  expect(tax.decimalIfExact('rate')).toBeUndefined()
  expect(tax.decimalIfExact('price')).toBe('1.5')
  expect(tax.result('read')).toEqual({ ok: true, value: 'read', leftOut: ['rate'] })
})

test('failures are bounded, however broken the document is', () => {
  const body = reader(`{"list":[${'1,'.repeat(5000)}1]}`)
  body.list('list')
  const result = body.result(0)
  expect(!result.ok && result.failures.length).toBe(50)
})

test('values that may be anything become text, with their digits', () => {
  const body = reader('{"a":"x","b":true,"c":12345678901234567890,"d":{"e":[1.10]},"f":null,"g":""}')
  expect(body.keys().map((key) => body.freeText(key))).toEqual([
    'x',
    'true',
    '12345678901234567890',
    '{"e":[1.10]}',
    undefined,
    undefined,
  ])
})

test('what plugins mangled is read where it can be, and left out where nothing depends on it', () => {
  const product = reader(`{
    "sku": 4711, "stock": "3", "size": "big", "none": false, "on": "yes", "off": 0, "odd": "maybe",
    "rows": { "0": { "id": 1 }, "2": { "id": 3 }, "3": 5 }, "map": { "a": 1 }, "empty": [], "no": false, "url": {}
  }`)
  expect(product.readable('sku', readText)).toBe('4711')
  expect(product.readable('stock', readInteger)).toBe(3)
  expect(product.readable('size', readInteger)).toBeUndefined()
  expect(product.readable('none', readText)).toBeUndefined()
  expect(['on', 'off', 'odd', 'none'].map((key) => product.readable(key, readFlag))).toEqual([
    ...[true, false, undefined, false],
  ])
  expect(product.looseList('rows')?.map((row) => row.id('id'))).toEqual(['1', '3'])
  expect(['map', 'no', 'gone'].map((key) => product.looseList(key))).toEqual([undefined, undefined, undefined])
  expect(product.looseList('empty')).toEqual([])
  expect(['empty', 'no', 'sku'].map((key) => product.looseChild(key))).toEqual([undefined, undefined, undefined])
  expect(product.readable('url', readText)).toBeUndefined()
  expect(product.result('whole')).toEqual({
    ...{ ok: true, value: 'whole' },
    leftOut: ['size', 'odd', 'rows[2]', 'map', 'sku', 'url'],
  })
})

test('a time in UTC that does not say so', () => {
  const order = reader('{ "a": "2026-11-22T08:00:00", "b": "2026-11-22 08:00:00", "c": "2026-11-22T09:00:00+01:00" }')
  const times = ['a', 'b', 'c'].map((key) => order.as(key, readUtcTime, 0))
  expect(times).toEqual(times.map(() => Date.UTC(2026, 10, 22, 8)))
  expect(order.as('d', readUtcTime, 0)).toBe(0)
  expect(order.result(0)).toEqual({ ok: false, failures: [{ path: 'd', reason: 'is missing' }] })
})

test('what is asked for twice fails, or is left out, once', () => {
  const order = reader('{"id":"x","sizes":[{}]}')
  for (const _ of [1, 2]) {
    order.id('id')
    order.leaveOut('sizes')
  }
  expect(order.result(1)).toEqual({ ok: false, failures: [{ path: 'id', reason: 'expected an id of digits' }] })
  const other = reader('{"sizes":[{}]}')
  for (const _ of [1, 2]) other.leaveOut('sizes')
  expect(other.result(1)).toEqual({ ok: true, value: 1, leftOut: ['sizes'] })
})
