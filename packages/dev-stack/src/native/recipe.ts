import type { Found } from '../addresses.ts'
import type { ToolName } from '../install/tools.ts'
import type { Report } from '../progress.ts'

/** What a recipe may use while it installs and while it starts. */
export type Site = {
  stateDir: string
  cacheDir: string
  env: NodeJS.ProcessEnv
  report: Report
  signal: AbortSignal
}

/** One program, ready to be started; the supervisor does the rest. */
export type Launch = {
  command: string
  args: readonly string[]
  env?: NodeJS.ProcessEnv
  ready: (log: { file: string; from: number }) => Promise<boolean>
  address: (pid: number) => Found
  /** For people: where it listens. */
  listens: string
}

export type Installed = {
  /** For people: the program and its version. */
  detail: string
  /** Says how to start it with this data folder (which exists) on a port that is free now. */
  launch: (dataDir: string, pickPort: (name: string) => Promise<number>) => Promise<Launch>
}

/** How one component is had without Docker. */
export type Recipe = {
  /** The tools this machine still needs for it; fewer when it is in the cache. */
  needs: (site: Site) => Promise<ToolName[]>
  install: (site: Site) => Promise<Installed>
  readyWithinMs: number
  stopWithinMs: number
}
