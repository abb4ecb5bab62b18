// Holds a stack and a service until it is ended, for tests that end it the hard way.
// Arguments: the state folder, then the components. Prints the run file in one line once all is up.
import { join } from 'node:path'
import { type Component, components } from './addresses.ts'
import { startService } from './start-service.ts'
import { startStack } from './start-stack.ts'

const [stateDir = '', ...names] = process.argv.slice(2)
const wanted: Component[] = components.filter((component) => names.includes(component))
const stack = await startStack({ stateDir, components: wanted })
const service = await startService({ name: 'small', entry: join(import.meta.dirname, 'test-service.ts'), stateDir })
const pids = [service.pid, ...wanted.map((component) => stack.addresses[component].pid)]
process.stdout.write(`${JSON.stringify({ pids, addresses: stack.addresses })}\n`)
