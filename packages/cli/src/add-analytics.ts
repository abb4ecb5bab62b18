import { type Command, InvalidArgumentError } from 'commander'
import type { AggregateOptions } from './commands/aggregate.ts'
import { Refusal } from './refusal.ts'

const longestMs = 366 * 24 * 3_600_000

/** The commands about figures: `aggregate` has the rows of some hours made again. */
export function addAnalytics(program: Command, aggregate: (hours: AggregateOptions) => Promise<void>): void {
  program
    .command('analytics')
    .description('the figures')
    .command('aggregate')
    .description('have the rows of some hours made again from their facts')
    .option('--from <time>', 'the first hour, e.g. 2026-05-01T12:00Z; 24 hours ago unless told', time)
    .option('--to <time>', 'the end of the last hour; now unless told', time)
    .option('--no-wait', 'do not wait until it is done')
    .action(async ({ from, to, wait }) => {
      const end = to ?? Date.now()
      const begin = from ?? end - 24 * 3_600_000
      if (begin >= end) throw new Refusal('--from is not before --to', 2)
      if (end - begin > longestMs) throw new Refusal('more than 366 days at once', 2)
      await aggregate({ from: begin, to: end, wait })
    })
}

function time(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms)) throw new InvalidArgumentError('Expected a time such as 2026-05-01T12:00Z.')
  return ms
}
