import { expect, test } from 'vitest'
import { createLog, logLevelFrom } from './log.ts'

function linesOf(write: (log: ReturnType<typeof createLog>) => void, level: 'info' | 'debug' = 'info') {
  const lines: string[] = []
  write(createLog({ service: 'sync-core', level, destination: { write: (line) => void lines.push(line) } }))
  return lines.map((line): Record<string, unknown> => JSON.parse(line))
}

test('a line is JSON with time, level name, service and what was said', () => {
  const [line] = linesOf((log) => log.info({ records: 500, tookMs: 12 }, 'batch.applied'))
  expect(line).toMatchObject({ level: 'info', service: 'sync-core', records: 500, tookMs: 12, msg: 'batch.applied' })
  expect(String(line?.['time'])).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/)
})

test('lines below the level are not written', () => {
  expect(linesOf((log) => log.debug('quiet'))).toEqual([])
  expect(linesOf((log) => log.debug('loud'), 'debug')).toHaveLength(1)
})

test('payloads, personal data and secrets do not reach a line, at its top or one level down', () => {
  const [line] = linesOf((log) =>
    log.info({
      body: '{"email":"ada@example.com"}',
      store: { id: 'demo', accessToken: 'shpat_1', password: 'hunter2' },
      customer: { id: '7', email: 'ada@example.com', phone: '+4912345', firstName: 'Ada' },
      request: { headers: { authorization: 'Bearer 1' } },
    }),
  )
  const text = JSON.stringify(line)
  for (const personal of ['ada@example.com', 'shpat_1', 'hunter2', '+4912345', 'Ada', 'Bearer']) {
    expect(text).not.toContain(personal)
  }
  expect(line).toMatchObject({ store: { id: 'demo' }, customer: { id: '7' } })
})

test('an error keeps type, code, frames and causes, and loses documents, addresses and credentials', () => {
  const cause = new Error('connect mongodb://root:hunter2@db:27017 refused')
  const error = Object.assign(
    new Error('E11000 duplicate key error collection: varai.users dup key: { email: "ada@example.com" }', { cause }),
    { code: 11_000, writeErrors: [{ op: { email: 'ada@example.com' } }] },
  )
  const [line] = linesOf((log) => log.error({ err: error }, 'batch.failed'))
  expect(line?.['err']).toEqual({
    type: 'Error',
    message: 'E11000 duplicate key error collection: varai.users dup key: {…}',
    code: 11_000,
    stack: expect.stringMatching(/^ {4}at .*log\.test\.ts/),
    causes: ['connect mongodb://…@db:27017 refused'],
  })
  expect(JSON.stringify(line)).not.toMatch(/ada@|hunter2/)
})

test('an error logged without words is reduced, too', () => {
  const error = new Error('no account for ada@example.com')
  const lines = linesOf((log) => {
    log.error(error)
    log.error({ err: error, records: 3 })
    log.error(error, 'batch.failed')
  })
  expect(JSON.stringify(lines)).not.toContain('ada@')
  expect(lines.map((line) => line['msg'])).toEqual(['no account for …@…', 'no account for …@…', 'batch.failed'])
  expect(lines[1]).toMatchObject({ records: 3, err: { type: 'Error' } })
})

test('the level of the environment, where it is one', () => {
  expect(logLevelFrom({ VARAI_LOG_LEVEL: 'warn' })).toBe('warn')
  expect(logLevelFrom({ VARAI_LOG_LEVEL: 'loud' })).toBe('info')
  expect(logLevelFrom({})).toBe('info')
})
