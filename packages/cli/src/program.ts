import { type EventName, eventTable, lanes } from '@varai/schemas'
import { Command, InvalidArgumentError, Option } from 'commander'
import { addAnalytics } from './add-analytics.ts'
import { addDecide } from './add-decide.ts'
import { addPrivacy } from './add-privacy.ts'
import { addReport } from './add-report.ts'
import { type AddressFlags, findAddresses, findReporting } from './addresses.ts'
import { aggregate } from './commands/aggregate.ts'
import { checkStores } from './commands/check-stores.ts'
import { decideField } from './commands/decide.ts'
import { decideIdentity } from './commands/decide-identity.ts'
import { explainDocument } from './commands/explain-document.ts'
import { explainOrder } from './commands/explain-order.ts'
import { getDocument } from './commands/get-document.ts'
import { listDeadLetters } from './commands/list-dead-letters.ts'
import { previewErasure } from './commands/preview-erasure.ts'
import { listRequests, showRequest } from './commands/privacy-requests.ts'
import { reportOrders } from './commands/report-orders.ts'
import { showTimeline } from './commands/show-timeline.ts'
import { showTopics } from './commands/show-topics.ts'
import { tailEvents } from './commands/tail-events.ts'
import { kinds } from './document-store.ts'
import type { Terminal } from './terminal.ts'
import { addTrainingCommands } from './training-commands.ts'

/** The commands of `varai`. Parsing one runs it; `ended` gets its exit code. */
export function createProgram(terminal: Terminal, ended: (exitCode: number) => void): Command {
  const program = new Command('varai')
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .configureOutput({
      writeOut: (text) => void terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.tell(text.trimEnd()),
    })
    .description(
      'Looks at a running system: topics, events, documents, dead letters; and decides what stores disagree on.',
    )
    .option('--brokers <host:port,…>', 'Kafka brokers (KAFKA_BROKERS)')
    .option('--registry <url>', 'schema registry (SCHEMA_REGISTRY_URL)')
    .option('--mongo <url>', 'MongoDB (MONGO_URL)')
    .option('--mongo-database <name>', 'its database (MONGO_DATABASE)')
    .option('--topic-prefix <text>', 'what stands before every topic and group (VARAI_TOPIC_PREFIX)')
    .option('--run-file <path>', 'addresses of a running stack; without any address: the one of `npm start`')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 not found or failed, 2 asked for in a wrong way. Output meant for programs: --json.',
    )

  const addresses = () => findAddresses(program.opts<AddressFlags>(), terminal.env)

  program
    .command('topics')
    .description('the topics of the catalogue beside those of the broker: partitions, retention, records, lag by group')
    .option('--create', 'create the missing ones first')
    .option('--json', 'print JSON')
    .action(async ({ create = false, json = false }) => {
      ended(await showTopics(terminal, await addresses(), { create, json }))
    })

  program
    .command('tail')
    .description('events of the lanes as they come, one a line, until Ctrl-C')
    .addOption(listOption('--lane <lane>', 'only this lane', lanes))
    .addOption(listOption('--event <name>', 'only events of this name', Object.keys(eventTable) as EventName[]))
    .addOption(listOption('--entity <type>', 'only this type of entity', entityTypes))
    .addOption(listOption('--store <id>', 'only this store'))
    .addOption(listOption('--merchant <id>', 'only this merchant'))
    .option('--from-beginning', 'begin with the oldest event that is kept')
    .option('--limit <n>', 'end after so many events', positiveNumber)
    .option('--json', 'print each event whole, as one line of JSON')
    .option('--show-personal', 'print personal fields too')
    .action(async (given) => {
      ended(
        await tailEvents(terminal, await addresses(), {
          lanes: given.lane ?? lanes,
          filter: {
            events: given.event ?? [],
            entities: given.entity ?? [],
            stores: given.store ?? [],
            merchants: given.merchant ?? [],
          },
          fromBeginning: given.fromBeginning ?? false,
          limit: given.limit,
          json: given.json ?? false,
          showPersonal: given.showPersonal ?? false,
        }),
      )
    })

  program
    .command('get')
    .description('one document, by its whole id or by the id its platform gave it; users also by e-mail')
    .addArgument(program.createArgument('<kind>', 'what it is').choices(kinds))
    .argument('<id>', 'its id')
    .option('--merchant <id>', 'only of this merchant')
    .option('--store <id>', 'only of this store')
    .option('--all', 'also what the system keeps for itself: how values came about, versions')
    .option('--json', 'print JSON')
    .action(async (kind, id, { merchant, store, all = false, json = false }) => {
      ended(await getDocument(terminal, await addresses(), { kind, id, merchant, store, all, json }))
    })

  program
    .command('explain')
    .description(
      'why a person or an item says what it says: who is one with whom, and a sentence for each field; what led to an order',
    )
    .addArgument(program.createArgument('<kind>', 'what it is').choices(['user', 'item', 'order'] as const))
    .argument('<id>', 'its id; users also by e-mail')
    .option('--merchant <id>', 'only of this merchant')
    .action(async (kind, id, { merchant }) => {
      const env = await addresses()
      if (kind === 'order') ended(await explainOrder(terminal, env, { id, merchant }))
      else ended(await explainDocument(terminal, env, { kind, id, merchant }))
    })

  program
    .command('timeline')
    .description('every event and every change of a person or an item, as far as Kafka keeps them')
    .addArgument(program.createArgument('<kind>', 'what it is').choices(['user', 'item'] as const))
    .argument('<id>', 'its id; users also by e-mail')
    .option('--merchant <id>', 'only of this merchant')
    .action(async (kind, id, { merchant }) => {
      ended(await showTimeline(terminal, await addresses(), { kind, id, merchant }))
    })

  addDecide(program, {
    field: async (options) => ended(await decideField(terminal, await addresses(), options)),
    identity: async (options) => ended(await decideIdentity(terminal, await addresses(), options)),
  })

  addReport(program, async ({ format, reporting, ...words }) => {
    const flags = { ...program.opts<AddressFlags>(), ...(reporting === undefined ? {} : { reporting }) }
    ended(await reportOrders(terminal, await findReporting(flags, terminal.env), { words, format }))
  })

  addAnalytics(program, async (hours) => ended(await aggregate(terminal, await addresses(), hours)))

  program
    .command('stores')
    .description('the stores file')
    .command('check')
    .description('check a stores file as the services read it; every error with its line')
    .argument('[file]', 'the file (VARAI_STORES)')
    .option('--no-secrets', 'do not ask for the secrets it names')
    .option('--json', 'print JSON')
    .action(async (file, { secrets, json = false }) => {
      ended(
        await checkStores(terminal, { file: file ?? (terminal.env['VARAI_STORES'] || 'stores.yaml'), secrets, json }),
      )
    })

  program
    .command('dlq')
    .description('the dead letters: records that can never succeed')
    .command('list')
    .description('where each came from and why it is there; never what is in it')
    .option('--service <name>', 'only those of this service')
    .option('--limit <n>', 'at most so many, the newest', positiveNumber, 50)
    .option('--json', 'print each as one line of JSON')
    .action(async ({ service, limit, json = false }) => {
      ended(await listDeadLetters(terminal, await addresses(), { service, limit, json }))
    })

  addPrivacy(program, {
    list: async (options) => ended(await listRequests(terminal, await addresses(), options)),
    show: async (id, options) => ended(await showRequest(terminal, await addresses(), { id, ...options })),
    preview: async (options) => ended(await previewErasure(terminal, await addresses(), options)),
  })

  addTrainingCommands(program, terminal, addresses, ended)
  return program
}

const entityTypes = [...new Set(Object.values(eventTable).map((kind) => kind.entityType))]

/** An option that may come several times, or once with commas. */
function listOption<const T extends string>(flags: string, about: string, words?: readonly T[]): Option {
  const said = `${about}; several with commas${words !== undefined && words.length <= 10 ? ` (${words.join(', ')})` : ''}`
  return new Option(flags, said).argParser((text: string, earlier: readonly string[] = []) => {
    const parts = text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    const unknown = parts.find((part) => words !== undefined && !words.some((word) => word === part))
    if (unknown !== undefined) throw new InvalidArgumentError(`${unknown} is none of ${words?.join(', ')}.`)
    if (parts.length === 0) throw new InvalidArgumentError('It is empty.')
    return [...earlier, ...parts]
  })
}

function positiveNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number above 0.')
  return Number(text)
}
