import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  type Address,
  type AggregationRequested,
  type Draft,
  type EntityDeleted,
  type Envelope,
  type OrderStated,
  recordNameOf,
  recordNames,
  subjectOf,
  typeOf,
} from './index.ts'

describe('Draft', () => {
  test('leaves out what has a default in that very record, and nothing else', () => {
    expectTypeOf<Draft<EntityDeleted>['reason']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Draft<AggregationRequested>['reason']>().toEqualTypeOf<string>()
    expectTypeOf<Draft<OrderStated>['eventId']>().toEqualTypeOf<string>()
    expectTypeOf<Draft<OrderStated>['region']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Draft<OrderStated>['total']>().toEqualTypeOf<string | null | undefined>()
  })

  test('reaches into nested records and lists', () => {
    expectTypeOf<{ city: string }>().toExtend<Draft<Address>>()
    expectTypeOf<{ items: { id: string; properties: { name: string; value: string }[] }[] }>().toExtend<
      Draft<Omit<OrderStated, keyof Envelope>>
    >()
    expectTypeOf<{ items: { properties: { name: string }[] }[] }>().not.toExtend<
      Draft<Omit<OrderStated, keyof Envelope>>
    >()
  })

  test('holds for a record without its envelope', () => {
    expectTypeOf<Draft<Omit<AggregationRequested, keyof Envelope>>>().toEqualTypeOf<
      { from: number; to: number; reason: string } & { kinds?: readonly string[] | undefined }
    >()
  })
})

test('a subject names its record, and only a record of the contract', () => {
  expect(recordNames.map((name) => recordNameOf(subjectOf(name)))).toEqual(recordNames)
  expect(recordNameOf('varai.events.Envelope')).toBeUndefined()
  expect(recordNameOf('OrderStated')).toBeUndefined()
  for (const name of recordNames) expect(typeOf(name).name).toBe(subjectOf(name))
})
