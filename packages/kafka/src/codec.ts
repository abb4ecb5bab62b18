import type { Logger } from '@varai/runtime'
import {
  type Draft,
  type RecordName,
  type RecordOf,
  recordNameOf,
  recordNames,
  schemaOf,
  subjectOf,
} from '@varai/schemas'
import type avro from 'avsc'
import { compileBounded } from './bounded-type.ts'
import { Unencodable } from './errors.ts'
import { createRegistry, type Registry } from './registry.ts'

/** A record as our own schema reads it, or why these bytes can never be read by this release. */
export type Decoded =
  | { [N in RecordName]: { readonly ok: true; readonly record: N; readonly value: RecordOf<N> } }[RecordName]
  | { readonly ok: false; readonly reason: string }

export type Codec = {
  /** Registers the schemas of these records (all unless told), after which they encode without waiting. */
  prepare(names?: readonly RecordName[]): Promise<void>
  /** Magic byte, schema id, Avro. Throws Unencodable; for a record that was not prepared, an Error. */
  encodeSync<N extends RecordName>(record: N, draft: Draft<RecordOf<N>>): Buffer
  /** As encodeSync, after preparing the record where needed. Rejects with RegistryAway, IncompatibleSchema, Unencodable. */
  encode<N extends RecordName>(record: N, draft: Draft<RecordOf<N>>): Promise<Buffer>
  /** Rejects with RegistryAway; never because of the bytes. */
  decode(bytes: Buffer | null): Promise<Decoded>
  /** One result for each of the values, in their order. Waits at most for schemas that were not seen before. */
  decodeAll(values: readonly (Buffer | null)[]): Promise<Decoded[]>
}

const magicByte = 0
const headerLength = 5
/** For so long an id that the registry does not know is not asked for again. */
const absentForMs = 10_000

type Reader = (bytes: Buffer) => Decoded
type Known = { readonly read: Reader; readonly until?: number }

export function createCodec(options: {
  readonly registryUrl: string
  readonly log: Logger
  readonly registry?: Registry
  readonly now?: () => number
}): Codec {
  const { log, registry = createRegistry({ url: options.registryUrl }), now = Date.now } = options
  const types = new Map<RecordName, avro.Type>()
  const ids = new Map<RecordName, number>()
  const readers = new Map<number, Known>()
  const asking = new Map<number, Promise<void>>()

  function typeOf(name: RecordName): avro.Type {
    let type = types.get(name)
    if (type === undefined) {
      type = compileBounded(schemaOf(name))
      types.set(name, type)
    }
    return type
  }

  async function prepareOne(name: RecordName): Promise<void> {
    if (ids.has(name)) return
    ids.set(name, await registry.register(subjectOf(name), JSON.stringify(schemaOf(name))))
  }

  function encodeSync<N extends RecordName>(record: N, draft: Draft<RecordOf<N>>): Buffer {
    const id = ids.get(record)
    if (id === undefined) throw new Error(`${record} was not prepared for encoding`)
    return write(typeOf(record), record, id, draft)
  }

  /** How to read what was written with schema `id`. */
  function readerFor(id: number, schemaText: string | undefined): Known {
    const never = (reason: string): Known => ({ read: () => ({ ok: false, reason }) })
    if (schemaText === undefined) return { ...never(`unknown-schema: id ${id}`), until: now() + absentForMs }
    let writer: avro.Type
    try {
      writer = compileBounded(JSON.parse(schemaText))
    } catch {
      return never(`unreadable-schema: id ${id}`)
    }
    const record = recordNameOf(writer.name ?? '')
    if (record === undefined) return never(`unknown-record: ${writer.name ?? `schema id ${id}`}`)
    const reader = typeOf(record)
    try {
      const resolver = reader.equals(writer) ? undefined : reader.createResolver(writer)
      return { read: (bytes) => read(reader, resolver, record, bytes) }
    } catch (error) {
      log.error({ record, schemaId: id, err: error }, 'kafka.schema-not-resolvable')
      return never(`unresolvable-schema: ${record}, id ${id}`)
    }
  }

  function ask(id: number): Promise<void> {
    let question = asking.get(id)
    if (question === undefined) {
      question = registry
        .findSchema(id)
        .then((schema) => void readers.set(id, readerFor(id, schema)))
        .finally(() => asking.delete(id))
      asking.set(id, question)
    }
    return question
  }

  const isKnown = (id: number): boolean => {
    const known = readers.get(id)
    return known !== undefined && (known.until === undefined || known.until > now())
  }

  async function decodeAll(values: readonly (Buffer | null)[]): Promise<Decoded[]> {
    const wanted = new Set<number>()
    for (const bytes of values) {
      const id = schemaIdOf(bytes)
      if (id !== undefined && !isKnown(id)) wanted.add(id)
    }
    await Promise.all([...wanted].map(ask))
    return values.map((bytes): Decoded => {
      const id = schemaIdOf(bytes)
      const known = id === undefined ? undefined : readers.get(id)
      return bytes === null || known === undefined ? { ok: false, reason: 'not-framed' } : known.read(bytes)
    })
  }

  return {
    async prepare(names = recordNames) {
      await Promise.all(names.map(prepareOne))
    },
    encodeSync,
    async encode(record, draft) {
      await prepareOne(record)
      return encodeSync(record, draft)
    },
    async decode(bytes) {
      const [decoded] = await decodeAll([bytes])
      return decoded ?? { ok: false, reason: 'not-framed' }
    },
    decodeAll,
  }
}

function schemaIdOf(bytes: Buffer | null): number | undefined {
  if (bytes === null || bytes.length < headerLength || bytes[0] !== magicByte) return undefined
  return bytes.readInt32BE(1)
}

function read(type: avro.Type, resolver: avro.Resolver | undefined, record: RecordName, bytes: Buffer): Decoded {
  try {
    const { value, offset } = type.decode(bytes, headerLength, resolver)
    if (offset === bytes.length) return { ok: true, record, value } as Decoded
  } catch {
    // The error may quote what it read; which of the bytes are wrong helps nobody.
  }
  return { ok: false, reason: `bad-bytes: not a ${record}` }
}

/** Encoding goes into this and is copied out once; it grows with the records seen, up to what Kafka takes. */
let scratch = Buffer.allocUnsafe(64 * 1024)
const largestScratch = 2 * 1024 * 1024

function write(type: avro.Type, record: RecordName, id: number, draft: unknown): Buffer {
  try {
    let target = scratch
    let end = type.encode(draft, target, headerLength)
    if (end < 0) {
      target = Buffer.allocUnsafe((target.length - end) * 2)
      end = type.encode(draft, target, headerLength)
      if (target.length <= largestScratch) scratch = target
    }
    const bytes = Buffer.allocUnsafe(end)
    target.copy(bytes, 0, 0, end)
    bytes[0] = magicByte
    bytes.writeInt32BE(id, 1)
    return bytes
  } catch {
    throw new Unencodable(`not a ${record}: ${misfits(type, draft).join(', ') || 'the value does not fit'}`)
  }
}

/** Paths of the fields that do not fit, with what they should be. */
function misfits(type: avro.Type, draft: unknown): string[] {
  const found: string[] = []
  type.isValid(draft, {
    errorHook: (path: string[], _value: unknown, expected: avro.Type) =>
      found.push(`${path.join('.')} (${describe(expected)})`),
  })
  return found.slice(0, 20)
}

const describe = (type: avro.Type): string => type.name ?? type.typeName
