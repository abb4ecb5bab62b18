import { createRequire } from 'node:module'
import type { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { RegistryAway } from './errors.ts'

/** A part of the chain that each request of the registry client goes through; the last of a list is the outermost. */
export type Middleware = NonNullable<ConstructorParameters<typeof SchemaRegistry>[0]['middlewares']>[number]
type Answering = NonNullable<ReturnType<Middleware>['response']>
type Request = Parameters<Answering>[2]
export type Response = Awaited<ReturnType<Answering>>

type Transport = new (request: Request, configs: object) => { call(): Promise<Response> }
/** Required, not imported: this way it is the build that the client has loaded and whose requests these are. */
const require = createRequire(import.meta.url)
const { HTTP }: { HTTP: Transport } = require('mappersmith/gateway/http')
const transportConfigs = { HTTP: {} }

/**
 * The innermost part of the registry client: sends its requests and lets through, whatever the status, only what the
 * registry itself says. All else throws RegistryAway, also when no whole answer is there after `timeoutMs`.
 *
 * It does not go on to the client's own parts (`next`), which know too little: they report a refused connection as
 * HTTP 400 and lose the API's error code, without which a proxy's 404 looks like an answer; they wait for ever on a
 * server that hangs; an error with the body `null` ends the process; and what is set for retries in one client holds
 * for all clients of the process.
 */
export function askWithin(timeoutMs: number): Middleware {
  return () => ({
    async response(_next, _renew, request) {
      const what = describe(request)
      const answer = await send(request, timeoutMs)
      const cause = answer.error()
      if (cause !== null) throw new RegistryAway(`the schema registry does not answer ${what}`, { cause })
      // Anything but JSON of the API comes from something in between, and says nothing about schemas.
      if (!isObject(answer.rawData())) {
        throw new RegistryAway(`the schema registry answers ${what} with ${answer.status()} and no JSON object`)
      }
      return answer.enhance({ headers: { 'content-type': 'application/json' } })
    },
  })
}

/** A deadline for the whole answer: the transport's own is for a silent socket, not for a body that never ends. */
async function send(request: Request, timeoutMs: number): Promise<Response> {
  const stop = new AbortController()
  const { promise: overdue, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new RegistryAway(`the schema registry does not answer ${describe(request)} within ${timeoutMs} ms`))
    stop.abort()
  }, timeoutMs)
  const asked = new HTTP(request.enhance({ signal: stop.signal }), transportConfigs).call()
  try {
    return await Promise.race([asked.catch((failed: Response) => failed), overdue])
  } finally {
    clearTimeout(timer)
  }
}

/** The registry itself says that there is no such thing (404), or that it conflicts with what it has (409). */
export class Refused extends Error {
  override readonly name = 'Refused'
  /** Under this name the client looks for the 404 of a subject that is new. */
  readonly status: 404 | 409
  /** Method and path of the request. */
  readonly asked: string
  constructor(status: 404 | 409, request: Request, message: string) {
    super(message)
    this.status = status
    this.asked = describe(request)
  }
}

/** Error codes of the API for "no such subject", "no such version", "no such schema", "no level of its own". */
const notThere = new Set([40401, 40402, 40403, 40408])

/** The outermost part: what is not a success becomes Refused where that says something, else RegistryAway. */
export const refuse: Middleware = () => ({
  async response(next) {
    const answer = await next()
    const status = answer.status()
    if (status === 200) return answer
    const { error_code: code, message } = answer.data<Record<string, unknown>>()
    const says = String(message ?? '')
    if (status === 404 && notThere.has(Number(code))) throw new Refused(status, answer.request(), says)
    if (status === 409) throw new Refused(status, answer.request(), says)
    throw new RegistryAway(`the schema registry answers ${describe(answer.request())} with ${status}: ${says}`)
  },
})

const describe = (request: Request): string => `${request.method().toUpperCase()} ${request.path()}`

function isObject(text: string | null): boolean {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
