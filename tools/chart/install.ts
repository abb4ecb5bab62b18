// `npm run chart-tools`: helm and kubeconform built with Go, and the Kubernetes schemas from the Python package that
// carries them; what a machine needs once so that `npm run check` can hold the chart against Kubernetes.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, kubernetesVersions, schemaFolder, toolbox } from './toolbox.ts'

const programs = {
  helm: 'helm.sh/helm/v3/cmd/helm@v3.22.0',
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
}
const schemaPackage = 'kubernetes-validate==1.37.0'

const run = (command: string, args: readonly string[], env: Record<string, string> = {}) =>
  execFileSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })

mkdirSync(join(toolbox, 'bin'), { recursive: true })
for (const [name, source] of Object.entries(programs)) {
  if (findProgram(name) !== undefined) continue
  console.log(`Building ${name} …`)
  run('go', ['install', source], { GOBIN: join(toolbox, 'bin') })
}
if (!kubernetesVersions.every((version) => existsSync(schemaFolder(version)))) {
  console.log('Fetching the Kubernetes schemas …')
  const folder = mkdtempSync(join(tmpdir(), 'varai-schemas-'))
  try {
    run('python3', ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', folder, schemaPackage])
    for (const version of kubernetesVersions) {
      const from = join(folder, 'kubernetes_validate', 'kubernetes-json-schema', `v${version}-local-strict`)
      cpSync(from, schemaFolder(version), { recursive: true })
      // By their $id they lie on a web server; without it they refer to the files beside them.
      for (const name of readdirSync(schemaFolder(version))) {
        const file = join(schemaFolder(version), name)
        const { $id, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as { $id?: string }
        writeFileSync(file, JSON.stringify(schema).replaceAll('"/api/_definitions.json#', '"_definitions.json#'))
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
console.log(`helm, kubeconform and the Kubernetes schemas are in ${toolbox}`)
