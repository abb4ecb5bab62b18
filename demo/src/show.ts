import { relative } from 'node:path'
import { runFilePath } from '@varai/dev-stack'
import type { DemoResult } from './run-demo.ts'
import { root, type System } from './start-system.ts'

/** Lines for people, each with the time since the start. */
export function createNarrator(write: (line: string) => void): (line: string) => void {
  const began = performance.now()
  return (line) => write(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}`)
}

/** Where everything answers. */
export function addressLines(system: System, stateDir: string): string[] {
  const { addresses, chosen } = system.stack
  const rows = [
    ['kafka', addresses.kafka.brokers.join(','), chosen.kafka.how],
    ['registry', addresses.registry.url, chosen.registry.how],
    ['mongo', `${addresses.mongo.url} (database ${addresses.mongo.database})`, chosen.mongo.how],
    ['redis', addresses.redis.url, chosen.redis.how],
    ...Object.values(system.services).map(({ name, url, pid }) => [name, url, `pid ${pid}`]),
  ]
  return [
    ...rows.map(([name = '', at = '', how = '']) => `  ${name.padEnd(20)}${at}  (${how})`),
    `  also in ${relative(process.cwd(), runFilePath(stateDir)) || runFilePath(stateDir)}, logs beside it; commands: npm run varai -- --help (in ${relative(process.cwd(), root) || 'this folder'})`,
  ]
}

/** What was sent, what became of it, and how the database compares with the truth. */
export function resultLines({ reports, notes, comparison, agreeing, behindSeconds }: DemoResult): string[] {
  const problems = [
    ...comparison.missing.map(({ collection, id }) => `  missing     ${collection} ${id}`),
    ...comparison.unexpected.map(({ collection, id }) => `  unexpected  ${collection} ${id}`),
    ...comparison.differences.map(
      ({ collection, id, field, expected, found }) =>
        `  different   ${collection} ${id} ${field}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
    ),
  ]
  return [
    ...Object.entries(reports)
      .filter(([, { deliveries }]) => deliveries > 0)
      .map(reportLine),
    ...notes,
    `sync-core had worked all of it off ${behindSeconds.toFixed(1)} s after the last answer`,
    agreeing
      ? `agreement: all ${comparison.checked} documents agree with the shops' truth, field by field`
      : `NO agreement: ${comparison.agreeing} of ${comparison.checked} documents agree with the shops' truth`,
    ...problems.slice(0, 20),
    ...(problems.length > 20 ? [`  … and ${problems.length - 20} more`] : []),
  ]
}

function reportLine([platform, report]: [string, DemoResult['reports'][string]]): string {
  const answers = Object.entries(report.byStatus).map(([status, count]) => `${count} × ${status}`)
  const { p50, p99 } = report.latency
  return `${platform}: ${report.deliveries} deliveries answered (${answers.join(', ')}) in ${report.seconds.toFixed(1)} s, half of them within ${p50.toFixed(0)} ms, 99 % within ${p99.toFixed(0)} ms`
}
