import type { Command } from 'commander'
import type { DecideOptions } from './commands/decide.ts'
import type { IdentityOptions } from './commands/decide-identity.ts'

/** What is said of two customers, by the name of its command. */
const words = [
  { name: 'same', says: 'same', about: 'two customers are one person, though nothing else says so' },
  { name: 'not-same', says: 'not_same', about: 'two customers are not one person, whatever they share' },
  {
    name: 'unsure',
    says: 'unsure',
    about: 'somebody looked at two customers and could not tell; what was said is void',
  },
  { name: 'withdraw', says: 'withdrawn', about: 'what was said of two customers was never said' },
] as const

/** `varai decide`: fields of persons and items, and who is one person. */
export function addDecide(
  program: Command,
  run: {
    readonly field: (options: DecideOptions) => Promise<void>
    readonly identity: (options: IdentityOptions) => Promise<void>
  },
): void {
  const decide = program.command('decide').description('decide what stores disagree on, and who is one person')
  for (const kind of ['user', 'item'] as const) {
    decide
      .command(kind)
      .description(`have ${kind === 'user' ? 'a person' : 'an item'} show what a person chose, where stores disagree`)
      .argument('<id>', kind === 'user' ? 'its id, or an e-mail' : 'its id')
      .argument('<field>', 'the field, or the group of fields that belong together')
      .option('--take <member>', 'what this member states: its record, or its store as platform/store')
      .option('--value <value>', 'a value of your own; JSON for lists, and for several fields at once')
      .option('--pin', 'for good, whatever stores say later; alone: what is shown now')
      .option('--unpin', 'take earlier decisions back: the policy decides again')
      .requiredOption('--by <name>', 'who decides')
      .requiredOption('--why <text>', 'for what reason')
      .action((id, field, { take, value, pin = false, unpin = false, by, why }) =>
        run.field({ kind, id, field, take, value, pin, unpin, by, why }),
      )
  }
  for (const { name, says, about } of words) {
    decide
      .command(name)
      .description(about)
      .argument('<customer>', 'its whole id, the id its platform gave it, or an e-mail that it alone has')
      .argument('<other>', 'the other one')
      .option('--merchant <id>', 'only of this merchant')
      .requiredOption('--by <name>', 'who says so')
      .requiredOption('--why <text>', 'for what reason')
      .action((one, other, { merchant, by, why }) => run.identity({ says, one, other, merchant, by, why }))
  }
}
