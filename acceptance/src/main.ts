// `npm run acceptance -- <name>`: what the system must show, run on the real stack, each line with its figures.
import { Command } from 'commander'
import { analyticsMl } from './analytics-ml/analytics-ml.ts'
import { convergence } from './convergence/convergence.ts'
import { edge } from './edge/edge.ts'
import { pipeline } from './pipeline/pipeline.ts'
import { runList } from './runner.ts'
import { shopify } from './shopify/shopify.ts'
import { wooMagento } from './woo-magento/woo-magento.ts'

const lists = { pipeline, shopify, 'woo-magento': wooMagento, edge, 'analytics-ml': analyticsMl, convergence }

const program = new Command('npm run acceptance --')
  .description('Runs a list of what must be shown; exit code 0 only when all of it holds.')
  .argument('<name>', `which list: ${Object.keys(lists).join(', ')}`)
  .option('--short', 'fewer deliveries and no clean clone, for CI', false)
  .option('--only <text>', 'only the checks whose title contains this')
  .parse()
const [name = ''] = program.args
if (!Object.hasOwn(lists, name))
  program.error(`There is no list ${JSON.stringify(name)}; there are: ${Object.keys(lists).join(', ')}`)
const list = lists[name as keyof typeof lists]
process.exitCode = (await runList(list, program.opts<{ short: boolean; only?: string }>())) ? 0 : 1
