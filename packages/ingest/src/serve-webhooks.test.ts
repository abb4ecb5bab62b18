import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { serveWebhooks } from './serve-webhooks.ts'

/** A server, and a connection to it that asks to be kept alive. */
async function serve(handler: RequestListener) {
  const server = await serveWebhooks({ handler, port: 0, host: '127.0.0.1' })
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.setEncoding('utf8')
  await once(socket, 'connect')
  return { server, socket }
}

const heard = async (socket: Socket): Promise<string> => {
  let text = ''
  for await (const chunk of socket) text += chunk
  return text
}

test('closed while the headers of a request come in: it is answered, and its connection ends', async () => {
  const { server, socket } = await serve((_, response) => void response.end('taken'))
  // A first request is answered, so that the server knows the connection before the second one begins.
  socket.write('GET /first HTTP/1.1\r\nhost: x\r\n\r\nPOST / HTTP/1.1\r\nhost: x\r\n')
  await once(socket, 'data')
  const closed = server.close()
  socket.write('content-length: 0\r\n\r\n')
  expect(await heard(socket)).toMatch(/connection: close[\s\S]*taken/i)
  await closed
})

test('closed while an answer goes out that promised to keep its connection: the connection ends with it', async () => {
  const { promise: begun, resolve: begin } = Promise.withResolvers<ServerResponse>()
  const { server, socket } = await serve((_, response) => {
    response.write('half ')
    begin(response)
  })
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const response = await begun
  const closed = server.close()
  response.end('whole')
  expect(await heard(socket)).toContain('whole')
  await closed
})
