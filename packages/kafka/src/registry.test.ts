import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { IncompatibleSchema, RegistryAway } from './errors.ts'
import { createRegistry } from './registry.ts'

type Answer = { status: number; body: unknown; type?: string }

/** A registry that answers as told, and the registry client for it. */
async function answering(
  answer: (asked: { what: string; body: unknown; authorization: string | undefined }) => Answer,
) {
  const asked: string[] = []
  const url = await serve((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const what = `${request.method} ${request.url}`
      asked.push(what)
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      const { status, body: out, type } = answer({ what, body, authorization: request.headers.authorization })
      response.writeHead(status, { 'content-type': type ?? 'application/vnd.schemaregistry.v1+json' })
      response.end(typeof out === 'string' ? out : JSON.stringify(out))
    })
  })
  return { registry: createRegistry({ url: `${url}/apis/ccompat/v7/` }), asked, url }
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The client registers named types only. */
const schema = '{"type":"record","name":"A","fields":[]}'
const fullTransitive = { status: 200, body: { compatibilityLevel: 'FULL_TRANSITIVE' } }
const absent = (code: number): Answer => ({ status: 404, body: { error_code: code, message: 'not found' } })

describe('finding a schema', () => {
  test('gives its text', async () => {
    const { registry, asked } = await answering(() => ({ status: 200, body: { schema: '{"type":"string"}' } }))
    await expect(registry.findSchema(7)).resolves.toBe('{"type":"string"}')
    expect(asked).toEqual(['GET /apis/ccompat/v7/schemas/ids/7'])
  })

  test('only the registry itself can say that there is none', async () => {
    const { registry } = await answering(() => absent(40403))
    await expect(registry.findSchema(7)).resolves.toBeUndefined()
  })

  test.each([
    ['a 404 of something in between', { status: 404, body: '<h1>nope</h1>', type: 'text/html' }],
    ['an empty 404', { status: 404, body: '' }],
    ['a 404 without a code of the API', { status: 404, body: { message: 'no route' } }],
    ['an internal error', { status: 500, body: { error_code: 50001 } }],
    ['too many requests', { status: 429, body: { error_code: 42901 } }],
    ['a refused account', { status: 401, body: { error_code: 40101 } }],
    ['an error that is null', { status: 502, body: 'null' }],
    ['a redirection', { status: 302, body: '<a>moved</a>', type: 'text/html' }],
    ['a success that holds no schema', { status: 200, body: { id: 1 } }],
  ])('%s is a registry that is away', async (_, answer) => {
    const { registry } = await answering(() => answer)
    await expect(registry.findSchema(7)).rejects.toThrow(RegistryAway)
  })

  test('a refused connection is a registry that is away', async () => {
    await expect(createRegistry({ url: 'http://127.0.0.1:1' }).findSchema(7)).rejects.toThrow(RegistryAway)
  })

  test('a server that hangs is a registry that is away', async () => {
    const url = await serve(() => {})
    await expect(createRegistry({ url, timeoutMs: 50 }).findSchema(7)).rejects.toThrow(RegistryAway)
  })

  test('a question that took too long is given up, with its connection', async () => {
    const closed = Promise.withResolvers<void>()
    const url = await serve((request) => request.socket.once('close', closed.resolve))
    await expect(createRegistry({ url, timeoutMs: 50 }).findSchema(7)).rejects.toThrow('within 50 ms')
    await closed.promise
  })

  test.each([
    ['hangs', () => {}],
    ['breaks off', (response: ServerResponse) => setImmediate(() => response.destroy())],
  ])('a server that begins an answer and %s is a registry that is away', async (_, goOn) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"schema":', () => goOn(response))
    })
    await expect(createRegistry({ url, timeoutMs: 200 }).findSchema(7)).rejects.toThrow(RegistryAway)
  })

  test('one that no client could compile is given as it is', async () => {
    const { registry } = await answering(() => ({ status: 200, body: { schema: '{"type":' } }))
    await expect(registry.findSchema(7)).resolves.toBe('{"type":')
  })

  test('a failure is not kept, and is not tried again here', async () => {
    let away = true
    const { registry, asked } = await answering(() =>
      away ? { status: 503, body: {} } : { status: 200, body: { schema: '"string"' } },
    )
    await expect(registry.findSchema(7)).rejects.toThrow(RegistryAway)
    expect(asked).toHaveLength(1)
    away = false
    await expect(registry.findSchema(7)).resolves.toBe('"string"')
  })

  test('credentials in the address are sent as such', async () => {
    let authorization: string | undefined
    const { url } = await answering((asked) => {
      authorization = asked.authorization
      return absent(40403)
    })
    await createRegistry({ url: url.replace('//', '//ann:s%40cret@') }).findSchema(7)
    expect(authorization).toBe(`Basic ${Buffer.from('ann:s@cret').toString('base64')}`)
  })
})

describe('registering a schema', () => {
  test('one that is known needs one question and no right to write', async () => {
    const { registry, asked } = await answering(() => ({ status: 200, body: { id: 12, version: 1 } }))
    await expect(registry.register('varai.events.A', schema)).resolves.toBe(12)
    expect(asked).toEqual(['POST /apis/ccompat/v7/subjects/varai.events.A'])
  })

  test('a new subject is FULL_TRANSITIVE before its first schema is in', async () => {
    const steps: unknown[] = []
    const { registry } = await answering(({ what, body }) => {
      steps.push([what.replace('/apis/ccompat/v7', ''), body])
      if (what.startsWith('PUT')) return { status: 200, body }
      if (what.endsWith('/versions')) return { status: 200, body: { id: 3 } }
      return absent(40401)
    })
    await expect(registry.register('varai.events.A', schema)).resolves.toBe(3)
    expect(steps.slice(1)).toEqual([
      ['GET /config/varai.events.A', undefined],
      ['PUT /config/varai.events.A', { compatibility: 'FULL_TRANSITIVE' }],
      ['POST /subjects/varai.events.A/versions', { schema }],
    ])
  })

  test.each([
    ['another level', { status: 200, body: { compatibilityLevel: 'BACKWARD' } }],
    ['no level of its own', absent(40408)],
  ])('a subject with %s is made FULL_TRANSITIVE first', async (_, level) => {
    const { registry, asked } = await answering(({ what, body }) => {
      if (what.startsWith('PUT')) return { status: 200, body }
      if (what.startsWith('GET')) return level
      return what.endsWith('/versions') ? { status: 200, body: { id: 3 } } : absent(40403)
    })
    await expect(registry.register('varai.events.A', schema)).resolves.toBe(3)
    expect(asked.map((what) => what.split(' ')[0])).toEqual(['POST', 'GET', 'PUT', 'POST'])
  })

  test('one that has its level already is registered without setting it', async () => {
    const { registry, asked } = await answering(({ what }) => {
      if (what.startsWith('GET')) return fullTransitive
      return what.endsWith('/versions') ? { status: 200, body: { id: 3 } } : absent(40403)
    })
    await expect(registry.register('varai.events.A', schema)).resolves.toBe(3)
    expect(asked.map((what) => what.split(' ')[0])).toEqual(['POST', 'GET', 'POST'])
  })

  test.each([
    ['the question for the schema', (what: string) => what.endsWith('/varai.events.A') && what.startsWith('POST')],
    ['the question for the level', (what: string) => what.startsWith('GET')],
    ['setting the level', (what: string) => what.startsWith('PUT')],
    ['registering', (what: string) => what.endsWith('/versions')],
  ])("a proxy's 404 to %s is a registry that is away", async (_, isHit) => {
    const { registry } = await answering(({ what, body }) => {
      if (isHit(what)) return { status: 404, body: { message: 'no route' } }
      return what.startsWith('PUT') ? { status: 200, body } : absent(40401)
    })
    await expect(registry.register('varai.events.A', schema)).rejects.toThrow(RegistryAway)
  })

  test("a proxy's 409 is not the registry's word about the schema", async () => {
    const { registry } = await answering(({ what }) => {
      if (what.endsWith('/versions')) return { status: 409, body: '<h1>conflict</h1>', type: 'text/html' }
      return what.startsWith('GET') ? fullTransitive : absent(40403)
    })
    await expect(registry.register('varai.events.A', schema)).rejects.toThrow(RegistryAway)
  })

  test.each(['null', '[]', '{}', 'ok'])('a success that is %s is a registry that is away', async (body) => {
    const { registry } = await answering(() => ({ status: 200, body }))
    await expect(registry.register('varai.events.A', schema)).rejects.toThrow(RegistryAway)
  })

  test('a process that was a moment faster, with the setting or the schema, is no trouble', async () => {
    let asked = 0
    const { registry } = await answering(({ what }) => {
      asked += 1
      if (what.startsWith('PUT')) return { status: 409, body: { error_code: 409, message: 'a rule already exists' } }
      if (what.startsWith('GET')) return asked < 3 ? absent(40401) : fullTransitive
      if (what.endsWith('/versions')) return { status: 409, body: { error_code: 409, message: 'already exists' } }
      return asked < 3 ? absent(40401) : { status: 200, body: { id: 8 } }
    })
    await expect(registry.register('varai.events.A', schema)).resolves.toBe(8)
  })

  test('a subject that cannot be made FULL_TRANSITIVE gets no schema', async () => {
    const { registry, asked } = await answering(({ what }) =>
      what.startsWith('PUT') ? { status: 403, body: { error_code: 40301, message: 'read only' } } : absent(40401),
    )
    await expect(registry.register('varai.events.A', schema)).rejects.toThrow('read only')
    expect(asked.filter((what) => what.endsWith('/versions'))).toEqual([])
  })

  test('an incompatible schema is refused, with the subject and what the registry says', async () => {
    const { registry } = await answering(({ what }) => {
      if (what.startsWith('GET')) return fullTransitive
      if (what.endsWith('/versions'))
        return { status: 409, body: { error_code: 409, message: 'field b has no default' } }
      return absent(40403)
    })
    const refused = registry.register('varai.events.A', schema)
    await expect(refused).rejects.toThrow(IncompatibleSchema)
    await expect(refused).rejects.toThrow(/varai\.events\.A.*FULL_TRANSITIVE.*field b has no default/)
  })
})
