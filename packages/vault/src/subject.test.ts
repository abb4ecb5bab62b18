import { randomBytes } from 'node:crypto'
import type { StoreRef } from '@varai/runtime/stores'
import { expect, test } from 'vitest'
import { hashSubject, type Subject } from './subject.ts'

const store: StoreRef = { merchantId: 'demo', platform: 'shopify', storeId: 'one.myshopify.com' }
const key = randomBytes(32)

test('a reference names one subject of one store, under one key', () => {
  const subjects: Subject[] = [
    { is: 'customer', id: '7' },
    { is: 'customer', id: '70' },
    { is: 'guest', email: '7' },
    { is: 'guest', email: 'ada@example.com' },
    { is: 'store' },
  ]
  const stores = [store, { ...store, storeId: 'two.myshopify.com' }, { ...store, merchantId: 'other' }]
  const references = [key, randomBytes(32)].flatMap((each) =>
    stores.flatMap((of) => subjects.map((subject) => hashSubject(each, of, subject))),
  )
  expect(new Set(references).size).toBe(2 * stores.length * subjects.length)
  expect(references.every((reference) => /^sub_[\da-f]{32}$/.test(reference))).toBe(true)
})

test('a guest is the same however the e-mail is written', () => {
  const written = ['zoë@example.at', ' ZOË@Example.AT ', 'zoe\u0308@example.at']
  expect(new Set(written.map((email) => hashSubject(key, store, { is: 'guest', email }))).size).toBe(1)
})
