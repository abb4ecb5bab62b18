import { resolve } from 'node:path'
import { dataTypes } from '@varai/ml-data/pure'
import type { Environment } from '@varai/runtime'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { exportTrainingRows, listExports, listWithdrawals, workTrainingQueue } from './commands/training-rows.ts'
import type { Terminal } from './terminal.ts'

/** Adds `varai ml`: training rows, and who is no longer in them. */
export function addTrainingCommands(
  program: Command,
  terminal: Terminal,
  addresses: () => Promise<Environment>,
  ended: (exitCode: number) => void,
): void {
  const ml = program.command('ml').description('training rows: export them, work the queue, see who was taken out')

  ml.command('export')
    .description(
      'write training rows into a folder as Parquet and JSON lines, with a data card; killed, the same words go on',
    )
    .addOption(new Option('--type <type...>', 'only rows of these types').choices([...dataTypes]))
    .requiredOption('--from <day>', 'weeks that begin on this day or later, YYYY-MM-DD (UTC)')
    .requiredOption('--to <day>', 'weeks that begin before this day')
    .requiredOption('--out <folder>', 'where to')
    .option('--k <people>', 'fewer never say the same, whatever rows were released with', positive, 10)
    .action(
      async ({ type, from, to, out, k }: { type?: string[]; from: string; to: string; out: string; k: number }) => {
        const types = dataTypes.filter((dataType) => type?.includes(dataType) ?? false)
        ended(
          await exportTrainingRows(terminal, await addresses(), {
            types,
            from,
            to,
            folder: resolve(terminal.folder, out),
            k,
          }),
        )
      },
    )

  ml.command('exports')
    .description('the exports that were made, the newest first')
    .option('--json', 'print each as one line of JSON')
    .action(async ({ json = false }: { json?: boolean }) => {
      ended(await listExports(terminal, await addresses(), { json }))
    })

  ml.command('withdrawals')
    .description('what people withdrew or had erased, and the exports that still hold it')
    .option('--export <id>', 'only what this export holds')
    .option('--json', 'print each as one line of JSON')
    .action(async ({ json = false, export: wanted }: { json?: boolean; export?: string }) => {
      ended(await listWithdrawals(terminal, await addresses(), { json, export: wanted }))
    })

  ml.command('work')
    .description('take rows off the queue, each as one line of JSON; a row whose line is out is done (REDIS_URL)')
    .option('--until-empty', 'end when nothing is left')
    .option('--visible-after <seconds>', 'so long a row is ours; if we end before, another gets it', positive, 60)
    .action(async ({ untilEmpty = false, visibleAfter }: { untilEmpty?: boolean; visibleAfter: number }) => {
      ended(await workTrainingQueue(terminal, await addresses(), { untilEmpty, visibleAfter }))
    })
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number above 0.')
  return Number(text)
}
