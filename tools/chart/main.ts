// Holds the helm chart against helm, against this repository and against the schemas of Kubernetes; what is not at
// hand for it is named as skipped.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../repository.ts'
import { findProgram, kubernetesVersions, schemaFolder } from './toolbox.ts'

const chart = join(root, 'deploy', 'k8s', 'varai-sync')
const valueFiles = readdirSync(join(chart, 'ci')).map((name) => join(chart, 'ci', name))
const problems: string[] = []

/** Runs a program and returns what it printed; a failure becomes a problem, unless it is what was wanted. */
function run(what: string, program: string, args: readonly string[], input?: string): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', input, maxBuffer: 64 * 1024 * 1024 })
  if (status !== 0) problems.push(`${what}:\n${stdout}${stderr}`)
  return status === 0 ? stdout : ''
}

const helm = findProgram('helm')
if (helm === undefined) {
  console.log('skipped: helm is not at hand; `npm run chart-tools` installs it')
  process.exit(0)
}
const [oldest] = kubernetesVersions
const operators = ['keda.sh/v1alpha1', 'monitoring.coreos.com/v1'].flatMap((api) => ['--api-versions', api])
const rendered = valueFiles.map((values) => {
  const common = ['--values', values, '--kube-version', oldest]
  run(`helm lint with ${values}`, helm, ['lint', '--strict', '--quiet', chart, ...common])
  return run(`helm template with ${values}`, helm, ['template', 'release', chart, ...common, ...operators])
})

// What the chart starts exists, and no service is forgotten.
const started = new Set(rendered.join('\n').match(/\b(services|packages)\/[\w-]+\/src\/[\w./-]+\.ts\b/g))
for (const file of started)
  if (!existsSync(join(root, file))) problems.push(`the chart starts ${file}, which does not exist`)
for (const service of readdirSync(join(root, 'services'))) {
  if (!started.has(`services/${service}/src/main.ts`)) problems.push(`no Deployment runs services/${service}`)
}

// An installation that names no broker must be refused, not started.
const bare = spawnSync(helm, ['template', 'release', chart, '--kube-version', oldest], { encoding: 'utf8' })
if (bare.status === 0 || !bare.stderr.includes('kafka')) problems.push('the chart renders without a Kafka broker')

const kubeconform = findProgram('kubeconform')
const withSchemas = kubernetesVersions.filter((version) => existsSync(schemaFolder(version)))
if (kubeconform === undefined || withSchemas.length === 0) {
  console.log('skipped: kubeconform or the schemas are not at hand; `npm run chart-tools` installs them')
} else {
  for (const version of withSchemas) {
    const location = join(schemaFolder(version), '{{.ResourceKind}}{{.KindSuffix}}.json')
    // KEDA's and Prometheus' own types have no schema here.
    const args = ['-strict', '-summary', '-kubernetes-version', version, '-skip', 'ScaledObject,PodMonitor']
    for (const text of rendered)
      run(`kubeconform ${version}`, kubeconform, [...args, '-schema-location', location], text)
  }
}
for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)
