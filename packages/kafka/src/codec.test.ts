import { fc, test as property } from '@fast-check/vitest'
import { createLog } from '@varai/runtime'
import { schemaOf, subjectOf } from '@varai/schemas'
import { beforeEach, describe, expect, test } from 'vitest'
import { compileBounded } from './bounded-type.ts'
import { type Codec, createCodec } from './codec.ts'
import { IncompatibleSchema, RegistryAway, Unencodable } from './errors.ts'
import type { Registry } from './registry.ts'
import { deletedDraft, inventoryDraft } from './test-records.ts'

const log = createLog({ service: 'test', level: 'silent' })

/** A registry in memory that can be switched off. */
function memoryRegistry() {
  const schemas = new Map<number, string>()
  const asked: number[] = []
  let away = false
  const check = () => {
    if (away) throw new RegistryAway('away')
  }
  const put = (schema: string) => {
    const known = [...schemas].find(([, text]) => text === schema)
    const id = known?.[0] ?? schemas.size + 1
    schemas.set(id, schema)
    return id
  }
  const registry: Registry = {
    async findSchema(id) {
      asked.push(id)
      check()
      return schemas.get(id)
    },
    async register(_subject, schema) {
      check()
      return put(schema)
    },
  }
  const switchOff = (off: boolean) => {
    away = off
  }
  return { registry, asked, put, away: switchOff }
}

let now: number
let held: ReturnType<typeof memoryRegistry>
const codecOf = (registry: Registry): Codec => createCodec({ registryUrl: 'unused', log, registry, now: () => now })

beforeEach(() => {
  now = 0
  held = memoryRegistry()
})

/** The schema as an older or newer release had it. */
function changed(change: (fields: Record<string, unknown>[]) => Record<string, unknown>[], name?: string): string {
  const schema = JSON.parse(JSON.stringify(schemaOf('InventoryStated')))
  return JSON.stringify({ ...schema, name: name ?? schema.name, fields: change(schema.fields) })
}

const framed = (id: number, body: Buffer = Buffer.alloc(0)) => {
  const head = Buffer.alloc(5)
  head.writeInt32BE(id, 1)
  return Buffer.concat([head, body])
}

describe('encoding', () => {
  test('frames with the registered id; what is left out comes back with its default', async () => {
    const codec = codecOf(held.registry)
    const bytes = await codec.encode('InventoryStated', inventoryDraft({ available: 3 }))
    expect([bytes[0], bytes.readInt32BE(1)]).toEqual([0, 1])
    const decoded = await codec.decode(bytes)
    expect(decoded).toMatchObject({ ok: true, record: 'InventoryStated' })
    expect(decoded.ok && decoded.value).toMatchObject({ available: 3, region: 'NA', locationId: null, cleared: [] })
  })

  test('a value that does not fit is refused alone, naming the fields and not what is in them', async () => {
    const codec = codecOf(held.registry)
    await codec.prepare(['InventoryStated'])
    const wrong = { ...inventoryDraft(), sku: { secret: 'ann@example.com' }, entityId: undefined }
    const encode = () => codec.encodeSync('InventoryStated', wrong as never)
    expect(encode).toThrow(Unencodable)
    expect(encode).toThrow(/entityId \(string\).*sku/)
    expect(encode).not.toThrow(/ann@example/)
    expect(codec.encodeSync('InventoryStated', inventoryDraft()).length).toBeGreaterThan(5)
  })

  test('records larger than the scratch buffer are whole', async () => {
    const codec = codecOf(held.registry)
    for (const length of [60_000, 70_000, 3_000_000, 10]) {
      const sku = 'x'.repeat(length)
      const decoded = await codec.decode(await codec.encode('InventoryStated', inventoryDraft({ sku })))
      expect(decoded.ok && decoded.value).toMatchObject({ sku })
    }
  })

  test('a registry that is away, or refuses the schema, is heard of', async () => {
    held.away(true)
    await expect(codecOf(held.registry).prepare()).rejects.toThrow(RegistryAway)
    const refusing: Registry = { ...held.registry, register: () => Promise.reject(new IncompatibleSchema('no')) }
    await expect(codecOf(refusing).encode('InventoryStated', inventoryDraft())).rejects.toThrow(IncompatibleSchema)
  })

  test('an unprepared record is a mistake of the program', () => {
    expect(() => codecOf(held.registry).encodeSync('InventoryStated', inventoryDraft())).toThrow('not prepared')
  })
})

describe('decoding', () => {
  test('asks for each schema once, also when thousands ask at the same time', async () => {
    const writer = codecOf(held.registry)
    const bytes = [
      await writer.encode('InventoryStated', inventoryDraft()),
      await writer.encode('EntityDeleted', deletedDraft()),
    ]
    const reader = codecOf(held.registry)
    const many = Array.from({ length: 1_000 }, (_, index) => bytes[index % 2] ?? null)
    const [first] = await Promise.all([reader.decodeAll(many), reader.decodeAll(many), reader.decode(many[0] ?? null)])
    expect(first?.map((decoded) => decoded.ok && decoded.record).slice(0, 2)).toEqual([
      'InventoryStated',
      'EntityDeleted',
    ])
    expect(held.asked.sort()).toEqual([1, 2])
  })

  test('an older writer, which did not know a field, is read with our default', async () => {
    const older = memoryCodecOf(changed((fields) => fields.filter(({ name }) => name !== 'incoming')))
    const decoded = await codecOf(held.registry).decode(older(inventoryDraft({ available: 5 })))
    expect(decoded.ok && decoded.value).toMatchObject({ available: 5, incoming: null })
  })

  test('a newer writer, which knows more, is read without it', async () => {
    const extra = { name: 'shelf', type: { type: 'array', items: 'string' } }
    const newer = memoryCodecOf(changed((fields) => [extra, ...fields]))
    const decoded = await codecOf(held.registry).decode(newer({ ...inventoryDraft(), shelf: ['a', 'b'] }))
    expect(decoded.ok && decoded.value).toMatchObject({ available: 16 })
    expect(decoded.ok && decoded.value).not.toHaveProperty('shelf')
  })

  test('a record that this release does not know is rejected by its name', async () => {
    const id = held.put(changed((fields) => fields, 'GiftCardStated'))
    await expect(codecOf(held.registry).decode(framed(id))).resolves.toEqual({
      ok: false,
      reason: 'unknown-record: varai.events.GiftCardStated',
    })
  })

  test('a schema that cannot be read, or not as ours, is rejected', async () => {
    const codec = codecOf(held.registry)
    const broken = held.put('{"type":')
    const other = held.put(changed((fields) => fields.map((field) => ({ ...field, type: 'boolean', default: false }))))
    await expect(codec.decode(framed(broken))).resolves.toEqual({
      ok: false,
      reason: `unreadable-schema: id ${broken}`,
    })
    await expect(codec.decode(framed(other))).resolves.toMatchObject({
      reason: expect.stringContaining('unresolvable'),
    })
  })

  test('an id that the registry does not know is rejected, and asked for again only after a while', async () => {
    const codec = codecOf(held.registry)
    const unknown = { ok: false, reason: 'unknown-schema: id 1' }
    await expect(codec.decodeAll([framed(1), framed(1)])).resolves.toEqual([unknown, unknown])
    held.put(JSON.stringify(schemaOf('InventoryStated')))
    now = 9_999
    await expect(codec.decode(framed(1))).resolves.toEqual(unknown)
    expect(held.asked).toEqual([1])
    now = 10_000
    await expect(codec.decode(framed(1))).resolves.toMatchObject({ reason: 'bad-bytes: not a InventoryStated' })
  })

  test('a registry that is away throws, whatever else is in the batch, and later the same batch is read', async () => {
    const bytes = await codecOf(held.registry).encode('InventoryStated', inventoryDraft())
    const codec = codecOf(held.registry)
    held.away(true)
    await expect(codec.decodeAll([null, bytes])).rejects.toThrow(RegistryAway)
    held.away(false)
    await expect(codec.decodeAll([null, bytes])).resolves.toMatchObject([{ ok: false }, { ok: true }])
  })

  test('no bytes, too few, or not of our framing', async () => {
    const values = [null, Buffer.alloc(0), Buffer.from([0, 0, 0]), Buffer.from('{"json":true}')]
    const decoded = await codecOf(held.registry).decodeAll(values)
    expect(decoded).toEqual(values.map(() => ({ ok: false, reason: 'not-framed' })))
    expect(held.asked).toEqual([])
  })

  test('bytes cut short, or followed by more, are rejected without being shown', async () => {
    const codec = codecOf(held.registry)
    const bytes = await codec.encode('InventoryStated', inventoryDraft())
    const bad = { ok: false, reason: 'bad-bytes: not a InventoryStated' }
    await expect(
      codec.decodeAll([bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from([0])]), framed(1)]),
    ).resolves.toEqual([bad, bad, bad])
  })

  property.prop([fc.uint8Array({ maxLength: 300 })], { numRuns: 500 })(
    'no bytes make it throw or hang',
    async (body) => {
      const registry = memoryRegistry()
      const id = registry.put(JSON.stringify(schemaOf(subjects[body.length % subjects.length] ?? 'OrderStated')))
      const decoded = await codecOf(registry.registry).decode(framed(id, Buffer.from(body)))
      expect(decoded.ok || decoded.reason.startsWith('bad-bytes')).toBe(true)
    },
  )
})

const subjects = ['InventoryStated', 'OrderStated', 'ProductStated'] as const

/** Encodes with another version of a schema. */
function memoryCodecOf(schema: string): (draft: object) => Buffer {
  const id = held.put(schema)
  const type = compileBounded(JSON.parse(schema))
  return (draft) => framed(id, type.toBuffer(draft))
}

test('the subject is the full name of the record, as generic readers expect', () => {
  expect(subjectOf('InventoryStated')).toBe(`${schemaOf('InventoryStated').namespace}.InventoryStated`)
})
