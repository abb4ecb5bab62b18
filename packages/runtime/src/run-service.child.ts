// A service to be started as a process of its own by run-service.test.ts; its argument says how it behaves.
import { createServer } from 'node:http'
import { setTimeout as after } from 'node:timers/promises'
import { parseConfig } from './config/parse-config.ts'
import { secret } from './config/setting.ts'
import { type Lifecycle, runService } from './run-service.ts'

const never = () => new Promise<void>(() => undefined)

/** Holds the event loop open, as a real service does. */
function listen(): void {
  createServer().listen(0, '127.0.0.1')
}

const behaviours: Record<string, (lifecycle: Lifecycle) => Promise<void>> = {
  async orderly({ onStop, log }) {
    listen()
    onStop('database', () => log.info('closed.database'))
    onStop('consumer', async () => {
      await after(300)
      log.info('closed.consumer')
    })
  },
  async stuck({ onStop, log }) {
    listen()
    onStop('database', () => log.info('closed.database'))
    onStop('consumer', never, 100)
    onStop('http', () => {
      throw new Error('already closed')
    })
  },
  async 'stuck-everywhere'({ onStop }) {
    listen()
    for (const step of ['one', 'two', 'three', 'four']) onStop(step, never)
  },
  async 'bad-config'() {
    parseConfig({}, { token: secret('TOKEN') })
  },
  async 'start-fails'({ onStop, log }) {
    onStop('database', () => log.info('closed.database'))
    listen()
    throw new Error('the broker is away')
  },
  async 'slow-start'({ onStop, log, stopping }) {
    onStop('database', () => log.info('closed.database'))
    listen()
    log.info('connecting')
    await after(60_000, undefined, { signal: stopping })
  },
  async 'deaf-start'({ onStop, log }) {
    onStop('database', () => log.info('closed.database'))
    listen()
    log.info('connecting')
    await never()
  },
  async rejection() {
    listen()
    void Promise.reject(new Error('nobody caught me'))
  },
  async exception() {
    listen()
    setImmediate(() => {
      throw new Error('nobody caught me')
    })
  },
  async crash({ onStop, log, fail }) {
    listen()
    onStop('database', () => log.info('closed.database'))
    setImmediate(() => fail(new Error('the consumer crashed')))
  },
}

const [, , name = ''] = process.argv
const start = behaviours[name]
if (start === undefined) throw new Error(`no such behaviour: ${name}`)
runService({ name: 'child', start })
