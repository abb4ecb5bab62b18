import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import type {} from '@varai/dev-stack/vitest'
import { logicalTypes, recordNames, schemaOf, subjectOf } from '@varai/schemas'
import { describe, expect, inject, test } from 'vitest'
import { compileBounded } from './bounded-type.ts'
import { createCodec } from './codec.ts'
import { IncompatibleSchema } from './errors.ts'
import { createRegistry } from './registry.ts'
import { inventoryDraft } from './test-records.ts'
import { silent } from './test-stack.ts'

const examples = new URL('../../schemas/examples/', import.meta.url)
const exampleOf = (name: string): never => JSON.parse(readFileSync(new URL(`${name}.json`, examples), 'utf8')) as never
const url = () => inject('stack').registry.url
const codecHere = () => createCodec({ registryUrl: url(), log: silent })

/** A schema under a name that no other test has. */
const schemaNamed = (name: string, ...fields: object[]) =>
  JSON.stringify({ type: 'record', namespace: 'test', name, fields })
const text = { name: 'text', type: 'string' }

describe('our schemas', () => {
  test('every subject is FULL_TRANSITIVE from its first schema on, whoever comes first', async () => {
    await Promise.all([codecHere(), codecHere(), codecHere()].map((codec) => codec.prepare()))
    for (const name of recordNames) {
      const answer = await fetch(`${url()}/config/${subjectOf(name)}`)
      await expect(answer.json()).resolves.toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' })
    }
  })

  test('registering again gives the same ids', async () => {
    const registry = createRegistry({ url: url() })
    const ids = () =>
      Promise.all(recordNames.map((name) => registry.register(subjectOf(name), JSON.stringify(schemaOf(name)))))
    expect(await ids()).toEqual(await ids())
  })

  test.each(recordNames)('a client that is not ours reads %s', async (name) => {
    const bytes = await codecHere().encode(name, exampleOf(name))
    const theirs = new SchemaRegistry({ host: url() }, { forSchemaOptions: { logicalTypes } })
    expect(await theirs.decode(bytes)).toEqual(compileBounded(schemaOf(name)).fromBuffer(bytes.subarray(5)))
  })

  test('what a client that is not ours has written is read by us', async () => {
    const theirs = new SchemaRegistry({ host: url() }, { forSchemaOptions: { logicalTypes } })
    const codec = codecHere()
    const id = (await codec.encode('InventoryStated', inventoryDraft())).readInt32BE(1)
    const decoded = await codec.decode(await theirs.encode(id, exampleOf('InventoryStated')))
    expect(decoded.ok && decoded.value).toMatchObject(exampleOf('InventoryStated'))
  })
})

describe('versions', () => {
  test('a compatible version is taken, an incompatible one refused with what is wrong', async () => {
    const registry = createRegistry({ url: url() })
    const name = `Versioned${randomUUID().replaceAll('-', '')}`
    const first = await registry.register(`test.${name}`, schemaNamed(name, text))
    const more = { name: 'more', type: ['null', 'string'], default: null }
    const second = await registry.register(`test.${name}`, schemaNamed(name, text, more))
    expect(second).not.toBe(first)
    const broken = registry.register(`test.${name}`, schemaNamed(name, text, { name: 'must', type: 'string' }))
    await expect(broken).rejects.toThrow(IncompatibleSchema)
    await expect(broken).rejects.toThrow(`test.${name} (FULL_TRANSITIVE)`)
  })

  test('what a service with an older version has written is read with our defaults', async () => {
    const schema = JSON.parse(JSON.stringify(schemaOf('InventoryStated')))
    const older = { ...schema, fields: schema.fields.filter(({ name }: { name: string }) => name !== 'incoming') }
    // The id is what counts; under our own subject it would stay for all other tests.
    const id = await createRegistry({ url: url() }).register(`test.${randomUUID()}`, JSON.stringify(older))
    const head = Buffer.alloc(5)
    head.writeInt32BE(id, 1)
    const bytes = Buffer.concat([head, compileBounded(older).toBuffer(inventoryDraft({ available: 7 }))])
    const decoded = await codecHere().decode(bytes)
    expect(decoded).toMatchObject({ ok: true, record: 'InventoryStated', value: { available: 7, incoming: null } })
  })

  test('a record that only newer services know is rejected by its name', async () => {
    const name = `New${randomUUID().replaceAll('-', '')}`
    const id = await createRegistry({ url: url() }).register(`test.${name}`, schemaNamed(name, text))
    const head = Buffer.alloc(5)
    head.writeInt32BE(id, 1)
    await expect(codecHere().decode(head)).resolves.toEqual({ ok: false, reason: `unknown-record: test.${name}` })
  })

  test('an id that the registry does not have is rejected', async () => {
    const head = Buffer.alloc(5)
    head.writeInt32BE(2_000_000_000, 1)
    await expect(codecHere().decode(head)).resolves.toEqual({ ok: false, reason: 'unknown-schema: id 2000000000' })
  })
})
