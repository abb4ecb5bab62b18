import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('./run-service.child.ts', import.meta.url))
const running = new Set<ChildProcess>()
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

type Line = Record<string, unknown>

/** The service as a real process: its log lines as they come, and how it ended. */
function started(behaviour: string) {
  const child = spawn(process.execPath, [program, behaviour], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const lines = (): Line[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child)
    return { code: code ?? signal, messages: lines().map((line) => line['msg']), err }
  })
  const until = (message: string) => expect.poll(() => lines().map((line) => line['msg'])).toContain(message)
  const line = (message: string) => lines().find((of) => of['msg'] === message)
  return { child, ended, until, line }
}

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s: steps run newest first, then exit 0', async (signal) => {
  const service = started('orderly')
  await service.until('service.started')
  service.child.kill(signal)
  expect(await service.ended).toMatchObject({
    code: 0,
    messages: ['service.started', 'service.stopping', 'closed.consumer', 'closed.database', 'service.stopped'],
  })
  expect(service.line('service.stopping')).toMatchObject({ why: signal, service: 'child' })
  expect(service.line('service.stopped')).toMatchObject({ exitCode: 0, steps: { database: expect.any(Number) } })
})

test('further signals while stopping change nothing', async () => {
  const service = started('orderly')
  await service.until('service.started')
  service.child.kill('SIGINT')
  await service.until('service.stopping')
  service.child.kill('SIGINT')
  service.child.kill('SIGTERM')
  const { code, messages } = await service.ended
  expect(code).toBe(0)
  expect(messages.filter((message) => message === 'service.stopping')).toHaveLength(1)
  expect(messages).toContain('closed.database')
})

test('a step that hangs or throws is named, the others still run, and the exit code tells', async () => {
  const service = started('stuck')
  await service.until('service.started')
  service.child.kill('SIGTERM')
  const { code, messages } = await service.ended
  expect(code).toBe(1)
  expect(messages.slice(2)).toEqual([
    'service.stop-step-failed',
    'service.stop-step-overran',
    'closed.database',
    'service.stopped',
  ])
  expect(service.line('service.stop-step-failed')).toMatchObject({ step: 'http', err: { message: 'already closed' } })
  expect(service.line('service.stop-step-overran')).toMatchObject({ step: 'consumer', withinMs: 100 })
})

test('however many steps hang, the whole stop ends before a supervisor kills', async () => {
  const service = started('stuck-everywhere')
  await service.until('service.started')
  service.child.kill('SIGTERM')
  expect((await service.ended).code).toBe(1)
  expect(Number(service.line('service.stopped')?.['tookMs'])).toBeLessThan(10_000)
})

test('a configuration that cannot be used ends in exit 1 and a text to read', async () => {
  const { code, messages, err } = await started('bad-config').ended
  expect(code).toBe(1)
  expect(messages).toContain('service.start-failed')
  expect(err).toBe('child: The configuration cannot be used:\n  TOKEN  is missing; expected a secret, or TOKEN_FILE\n')
})

test('a start that fails says why, stops what was open, exits 1', async () => {
  const service = started('start-fails')
  expect(await service.ended).toMatchObject({
    code: 1,
    messages: ['service.start-failed', 'service.stopping', 'closed.database', 'service.stopped'],
  })
  expect(service.line('service.start-failed')).toMatchObject({ level: 'fatal', err: { message: 'the broker is away' } })
})

test.each(['slow-start', 'deaf-start'])('told to stop while it starts (%s), it stops: exit 0', async (behaviour) => {
  const service = started(behaviour)
  await service.until('connecting')
  service.child.kill('SIGTERM')
  expect(await service.ended).toMatchObject({
    code: 0,
    messages: ['connecting', 'service.stopping', 'closed.database', 'service.stopped'],
  })
})

test.each([
  ['rejection', 'service.unhandled-rejection'],
  ['exception', 'service.uncaught-exception'],
])('an error that nobody caught (%s) is logged as fatal and ends in exit 1', async (behaviour, message) => {
  const service = started(behaviour)
  const { code, messages } = await service.ended
  expect(code).toBe(1)
  expect(messages).toContain(message)
  expect(service.line(message)).toMatchObject({ level: 'fatal', err: { message: 'nobody caught me' } })
})

test('what fails for good while running stops the service in order, exit 1', async () => {
  const service = started('crash')
  const { code, messages } = await service.ended
  expect(code).toBe(1)
  expect(messages).toEqual(
    expect.arrayContaining(['service.failed', 'service.stopping', 'closed.database', 'service.stopped']),
  )
})
