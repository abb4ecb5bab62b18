import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { askWithin, type Middleware, Refused, refuse } from './ask-registry.ts'
import { IncompatibleSchema, RegistryAway } from './errors.ts'
import { levelFirst } from './level-first.ts'

/**
 * What we ask the schema registry, through `@kafkajs/confluent-schema-registry`. Two of its habits are changed by
 * middleware: it takes a registry that is away for one that answers (ask-registry.ts), and it sets a subject's
 * compatibility only after the first schema is in (level-first.ts).
 */
export type Registry = {
  /** The schema text of an id; undefined when the registry says that there is none. Throws RegistryAway. */
  findSchema(id: number): Promise<string | undefined>
  /**
   * The id of this schema, a named type, under a subject. One that is new is registered; the subject is
   * FULL_TRANSITIVE before its first schema is in. Throws IncompatibleSchema, RegistryAway.
   */
  register(subject: string, schema: string): Promise<number>
}

const compatibility = COMPATIBILITY.FULL_TRANSITIVE

export function createRegistry(options: {
  /** Base URL of the API, e.g. `http://host:port/apis/ccompat/v7`; may hold a user name and password. */
  readonly url: string
  /** For each question to the registry, with its whole answer. */
  readonly timeoutMs?: number
}): Registry {
  const address = splitCredentials(options.url)
  const ask = askWithin(options.timeoutMs ?? 5_000)
  const clientWith = (middleware: Middleware) =>
    new SchemaRegistry({ ...address, clientId: 'varai', middlewares: [ask, middleware, refuse] })

  const texts = new Map<number, string>()
  const client = clientWith(keepTexts(texts))

  async function findId(subject: string, schema: string): Promise<number | undefined> {
    try {
      return idFrom(await client.getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema }), subject)
    } catch (error) {
      // What the client makes of a 404; `refuse` lets only the registry's own through.
      if (error instanceof Error && error.name === 'ConfluentSchemaRegistryError') return undefined
      throw error instanceof Refused ? unexpected(error) : error
    }
  }

  /** A client of its own, because the order of its requests is kept per schema. */
  async function add(subject: string, schema: string): Promise<number> {
    const { middleware, answer } = levelFirst(compatibility)
    await clientWith(middleware).register({ type: SchemaType.AVRO, schema }, { subject, compatibility })
    return idFrom(answer()?.data<Record<string, unknown>>()['id'], subject)
  }

  return {
    async findSchema(id) {
      let failed: unknown
      try {
        await client.getSchema(id)
      } catch (error) {
        failed = error
      }
      // Also a text that the client cannot compile: what to do with such records is not decided here.
      const text = texts.get(id)
      if (text !== undefined) return text
      if (failed instanceof Refused && failed.status === 404) return undefined
      if (failed instanceof RegistryAway) throw failed
      throw new RegistryAway(`the schema registry answers for id ${id} without its schema`, { cause: failed })
    },

    async register(subject, schema) {
      // Nearly always it is there already: one question, and no right to write needed.
      const known = await findId(subject, schema)
      if (known !== undefined) return known
      try {
        // Several processes start at once: one of them was a moment faster to set the level.
        return await add(subject, schema).catch((error: unknown) => {
          if (isConflict(error, 'PUT')) return add(subject, schema)
          throw error
        })
      } catch (error) {
        if (!isConflict(error, 'POST')) throw error instanceof Refused ? unexpected(error) : error
        const meanwhile = await findId(subject, schema)
        if (meanwhile !== undefined) return meanwhile
        throw new IncompatibleSchema(
          `the schema registry refuses the new version of ${subject} (${compatibility}): ${error.message}`,
        )
      }
    },
  }
}

/** The client gives compiled types; the codec compiles its own, which bad bytes cannot hang, and wants the text. */
function keepTexts(texts: Map<number, string>): Middleware {
  return ({ resourceName }) => ({
    async response(next, _renew, request) {
      const answer = await next()
      const schema = resourceName === 'Schema' ? answer.data<Record<string, unknown>>()['schema'] : undefined
      if (answer.status() === 200 && typeof schema === 'string') texts.set(Number(request.params()['id']), schema)
      return answer
    },
  })
}

const isConflict = (error: unknown, method: 'POST' | 'PUT'): error is Refused =>
  error instanceof Refused && error.status === 409 && error.asked.startsWith(method)

const unexpected = ({ asked, status, message }: Refused) =>
  new RegistryAway(`the schema registry answers ${asked} with ${status}: ${message}`)

function idFrom(id: unknown, subject: string): number {
  if (typeof id === 'number') return id
  throw new RegistryAway(`the schema registry answers for ${subject} without an id`)
}

/** The client wants the account apart from the address. */
function splitCredentials(text: string): { host: string; auth?: { username: string; password: string } } {
  const url = new URL(text)
  const { username, password } = url
  url.username = ''
  url.password = ''
  const host = url.href.replace(/\/+$/, '')
  if (username === '') return { host }
  return { host, auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) } }
}
