import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '@varai/demo/system'
import { lanes, laneTopic } from '@varai/schemas'
import type { Check } from '../runner.ts'
import type { SystemContext } from '../system/open-system.ts'
import { shopOf, stores } from './stores.ts'

const run = promisify(execFile)
const packages = ['confluent-kafka==2.16.1', 'fastavro==1.13.1']

/** A consumer that is not ours, in another language, with nothing but the registry to go by. */
export const foreignReader: Check<SystemContext> = {
  title: 'a consumer that is not ours reads the lanes through the registry',
  async run({ short, system }) {
    const python = await environment()
    const { kafka, registry } = system.stack.addresses
    const script = join(import.meta.dirname, 'foreign_reader.py')
    const { stdout } = await run(python, [script, kafka.brokers.join(','), registry.url, ...lanes.map(laneTopic)], {
      maxBuffer: 64 * 2 ** 20,
    })
    const read = JSON.parse(stdout) as {
      events: Record<string, number>
      orders: Record<string, string>
      schemas: number
    }
    const truth = shopOf(stores.kills, short ? 400 : 5_000).truth()
    const expected = [...truth.records.orders.values()].map(({ fields }) => String(fields['platformId']))
    const unread = expected.filter((id) => !(id in read.orders))
    const events = Object.values(read.events).reduce((sum, count) => sum + count, 0)
    return {
      holds: events > 0 && expected.length > 0 && unread.length === 0,
      figures: [
        `librdkafka and fastavro read ${events} events of ${read.schemas} schemas`,
        `${expected.length - unread.length} of the ${expected.length} orders of the simulated shop, under their exact ids`,
        ...Object.entries(read.events).map(([name, count]) => `${name}: ${count}`),
      ],
    }
  },
}

/** A virtual environment with the two packages, made once. */
async function environment(): Promise<string> {
  const folder = join(root, '.varai', 'cache', 'foreign-reader')
  const python = join(folder, 'bin', 'python')
  const works =
    existsSync(python) &&
    (await run(python, ['-c', 'import confluent_kafka, fastavro']).then(
      () => true,
      () => false,
    ))
  if (!works) {
    await run('python3', ['-m', 'venv', '--clear', folder])
    await run(python, ['-m', 'pip', 'install', '--quiet', ...packages])
  }
  return python
}
