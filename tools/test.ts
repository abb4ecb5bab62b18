// `npm test`: every kind of test on the real stack. Arguments are vitest's own.
import { relative } from 'node:path'
import { parseCLI, type Reporter, startVitest, type TestModule, type TestState } from 'vitest/node'
import { root } from './repository.ts'

let modules: readonly TestModule[] = []
let strayErrors = 0
const record: Reporter = {
  onTestRunEnd(testModules, unhandledErrors) {
    modules = testModules
    strayErrors = unhandledErrors.length
  },
}
const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
await startVitest(filter, { ...options, root, watch: false, reporters: ['default', record] })

const tests = modules.flatMap((module) => [...module.children.allTests()])
const inState = (state: TestState) => tests.filter((test) => test.result().state === state)
const passed = inState('passed').length
/** Files that failed without a failed test: they could not be loaded, or a hook of theirs threw. */
const broken = modules.filter(
  (module) => module.state() === 'failed' && ![...module.children.allTests('failed')].length,
)
const failed = inState('failed').length + inState('pending').length + broken.length + strayErrors
// With -t all other tests count as skipped: that was asked for and needs no list.
const skipped = options.testNamePattern === undefined ? inState('skipped') : []

for (const test of skipped) {
  const result = test.result()
  const why = result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : ''
  console.log(`skipped: ${relative(root, test.module.moduleId)} > ${test.fullName}${why}`)
}
if (passed + failed === 0) console.log('No test ran.')
// Read by CI, which does not know vitest's own summary: alone on a line, and the last one.
console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`)
// vitest has closed by now; a handle that a test left open must not keep a finished run from ending.
process.exit(failed > 0 || passed === 0 ? 1 : Number(process.exitCode ?? 0))
