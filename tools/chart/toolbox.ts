import { accessSync, constants, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'

/** Where `npm run chart-tools` puts what it installs, for all clones of this user. */
const cache = env['VARAI_CACHE_DIR'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'varai-sync')
export const toolbox = join(cache, 'chart-tools')

/** Kubernetes versions the chart is held against: the oldest it supports and a current one. */
export const kubernetesVersions = ['1.30.0', '1.37.0'] as const
export const schemaFolder = (version: string): string => join(toolbox, 'schemas', `v${version}`)

/** Path of a program, from PATH or from the toolbox. */
export function findProgram(name: string): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter), join(toolbox, 'bin')]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
