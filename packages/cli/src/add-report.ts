import { type Command, Option } from 'commander'
import type { ReportWords } from './commands/report-orders.ts'

type Given = ReportWords & { readonly format: 'table' | 'json' | 'csv'; readonly reporting?: string }

/** Adds `varai report orders` to the program. */
export function addReport(program: Command, report: (given: Given) => Promise<void>): void {
  program
    .command('report')
    .description('reports')
    .command('orders')
    .description('orders by store and day, as they are now; what each column means stands in the API’s /openapi.json')
    .requiredOption('--from <day>', 'the first day, YYYY-MM-DD')
    .requiredOption('--to <day>', 'the last day, included')
    .option('--timezone <zone>', 'whose days these are, e.g. Europe/Vienna (default: UTC)')
    .option('--merchant <id>', 'only of this merchant')
    .option('--platform <name>', 'only of stores on this platform')
    .option('--store <id>', 'only of this store')
    .option('--currency <code>', 'only orders in this currency')
    .addOption(new Option('--format <format>', 'how to print it').choices(['table', 'json', 'csv']).default('table'))
    .option('--reporting <url>', 'the reporting service (VARAI_REPORTING_URL)')
    .action(report)
}
