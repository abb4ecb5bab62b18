import type { Command } from 'commander'
import type { PreviewOptions } from './commands/preview-erasure.ts'

/** What `varai privacy …` carries out. */
export type PrivacyCommands = {
  readonly list: (options: { readonly open: boolean; readonly json: boolean }) => Promise<void>
  readonly show: (id: string, options: { readonly json: boolean }) => Promise<void>
  readonly preview: (options: PreviewOptions) => Promise<void>
}

/** Adds `varai privacy` to the program. */
export function addPrivacy(program: Command, commands: PrivacyCommands): void {
  const privacy = program.command('privacy').description('what people asked about their data, and who has done it')
  privacy
    .command('list')
    .description('requests, those that are due first, with who confirmed')
    .option('--open', 'only those that some service has not confirmed')
    .option('--json', 'print each as one line of JSON')
    .action(({ open = false, json = false }) => commands.list({ open, json }))
  privacy
    .command('show')
    .description('one request: what was asked, by when it is due, what each service did; and whom sync-core erased')
    .argument('<request>', 'its id, as `varai privacy list` prints it')
    .option('--json', 'print JSON')
    .action((id, { json = false }) => commands.show(id, { json }))
  privacy
    .command('preview')
    .description('how much a request for an erasure of a customer would touch now; nothing is changed')
    .argument('<customer>', "the whole id of the customer's record, or the id or the e-mail that a store knows it by")
    .option('--person', 'of all accounts of the person')
    .option('--merchant <id>', 'only of this merchant')
    .option('--store <id>', 'only of this store')
    .option('--json', 'print JSON')
    .action((id, { person = false, merchant, store, json = false }) =>
      commands.preview({ id, person, merchant, store, json }),
    )
}
