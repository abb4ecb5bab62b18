import { IncompatibleSchema, RegistryAway } from './errors.ts'

/**
 * The three calls of the Confluent registry API that we need. The usual client library cannot carry the rule "a
 * registry that is away never rejects a record": it reports a refused connection as HTTP 400, takes any 404 (also a
 * proxy's) for an answer, waits for ever on a server that hangs, and sets a subject's compatibility only after the
 * first schema is in.
 */
export type Registry = {
  /** The schema text of an id; undefined when the registry says that there is none. Throws RegistryAway. */
  findSchema(id: number): Promise<string | undefined>
  /**
   * The id of this schema under a subject. One that is new is registered; the subject is FULL_TRANSITIVE before its
   * first schema is in. Throws IncompatibleSchema, RegistryAway.
   */
  register(subject: string, schema: string): Promise<number>
}

/** Error codes of the API for "no such schema", "no such subject", "no such version". */
const notThere = new Set([40401, 40402, 40403])
const compatibility = 'FULL_TRANSITIVE'
const mediaType = 'application/vnd.schemaregistry.v1+json'

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

export function createRegistry(options: {
  /** Base URL of the API, e.g. `http://host:port/apis/ccompat/v7`; may hold a user name and password. */
  readonly url: string
  readonly timeoutMs?: number
}): Registry {
  const { timeoutMs = 5_000 } = options
  const { base, authorization } = splitCredentials(options.url)

  async function ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answer> {
    const what = `${method} ${path}`
    let response: Response
    let text: string
    try {
      response = await fetch(base + path, {
        method,
        headers: { accept: mediaType, 'content-type': mediaType, ...authorization },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      text = await response.text()
    } catch (cause) {
      throw new RegistryAway(`the schema registry does not answer ${what}`, { cause })
    }
    const answer = parseObject(text)
    // Anything but JSON of the API comes from something in between, and says nothing about schemas.
    if (answer === undefined || response.status >= 500 || response.status === 429) {
      throw new RegistryAway(`the schema registry answers ${what} with ${response.status}`)
    }
    return { status: response.status, body: answer }
  }

  const isAbsent = ({ status, body }: Answer) => status === 404 && notThere.has(Number(body['error_code']))

  const unexpected = (what: string, { status, body }: Answer) =>
    new RegistryAway(`the schema registry answers ${what} with ${status}: ${String(body['message'] ?? '')}`)

  function idOf(what: string, answer: Answer): number {
    const id = answer.body['id']
    if (answer.status !== 200 || typeof id !== 'number') throw unexpected(what, answer)
    return id
  }

  const isSet = async (path: string) => (await ask('GET', path)).body['compatibilityLevel'] === compatibility

  /** Several processes start at once: a conflict is another one that was a moment faster. */
  async function requireCompatibility(subject: string): Promise<void> {
    const path = `/config/${encodeURIComponent(subject)}`
    if (await isSet(path)) return
    const set = await ask('PUT', path, { compatibility })
    if (set.status === 200 || (set.status === 409 && (await isSet(path)))) return
    throw unexpected(`PUT ${path}`, set)
  }

  return {
    async findSchema(id) {
      const answer = await ask('GET', `/schemas/ids/${id}`)
      if (isAbsent(answer)) return undefined
      const schema = answer.body['schema']
      if (answer.status !== 200 || typeof schema !== 'string') throw unexpected(`GET /schemas/ids/${id}`, answer)
      return schema
    },

    async register(subject, schema) {
      const path = `/subjects/${encodeURIComponent(subject)}`
      // Nearly always it is there already: one question, and no right to write needed.
      const known = await ask('POST', path, { schema })
      if (!isAbsent(known)) return idOf(`POST ${path}`, known)
      await requireCompatibility(subject)
      const answer = await ask('POST', `${path}/versions`, { schema })
      if (answer.status === 409) {
        const meanwhile = await ask('POST', path, { schema })
        if (meanwhile.status === 200) return idOf(`POST ${path}`, meanwhile)
        throw new IncompatibleSchema(
          `the schema registry refuses the new version of ${subject} (${compatibility}): ${String(answer.body['message'] ?? '')}`,
        )
      }
      return idOf(`POST ${path}/versions`, answer)
    },
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** fetch refuses credentials within an address. */
function splitCredentials(text: string): { base: string; authorization: Record<string, string> } {
  const url = new URL(text)
  const { username, password } = url
  url.username = ''
  url.password = ''
  const base = url.href.replace(/\/+$/, '')
  if (username === '') return { base, authorization: {} }
  const account = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { base, authorization: { authorization: `Basic ${Buffer.from(account).toString('base64')}` } }
}
