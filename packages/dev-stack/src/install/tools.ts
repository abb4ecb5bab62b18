import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report } from '../progress.ts'
import { findBrowser } from './browser.ts'
import { askTool, runTool } from './run-tool.ts'

/** What native components and peers are installed and run with, and what tests of pages run in. */
export type ToolName = 'java' | 'maven' | 'python' | 'venv' | 'browser' | 'cargo' | 'cmake' | 'cc'

type ToolNeeds = {
  what: string
  why: string
  debian: string
  homebrew: string
  /** What is wrong with it, or undefined when it will do. */
  lacks: (env: NodeJS.ProcessEnv) => Promise<string | undefined>
}

const tools: Record<ToolName, ToolNeeds> = {
  java: {
    what: 'Java 17 or newer (java)',
    why: 'Kafka and the schema registry run on it',
    debian: 'default-jre-headless',
    homebrew: 'openjdk@21',
    async lacks(env) {
      const said = await askTool(javaCommand(env), ['-version'], env)
      const version = said === undefined ? undefined : javaMajor(said)
      if (version === undefined) return 'was not found on PATH nor in JAVA_HOME'
      return version >= 17 ? undefined : `is version ${version}`
    },
  },
  maven: {
    what: 'Maven (mvn)',
    why: 'it downloads Kafka, the schema registry and Redis',
    debian: 'maven',
    homebrew: 'maven',
    lacks: (env) => lacksCommand('mvn', env),
  },
  python: {
    what: 'Python 3.10 or newer (python3)',
    why: 'the MongoDB-protocol database is installed by it, there being no mongod on PATH',
    debian: 'python3',
    homebrew: 'python',
    async lacks(env) {
      const version = /Python 3\.(\d+)/.exec((await askTool('python3', ['--version'], env)) ?? '')?.[1]
      if (version === undefined) return 'was not found on PATH'
      return Number(version) >= 10 ? undefined : `is version 3.${version}`
    },
  },
  venv: {
    what: "Python's venv module with pip",
    why: 'the MongoDB-protocol database is installed into a virtual environment',
    debian: 'python3-venv',
    homebrew: 'python',
    async lacks(env) {
      const there = await askTool('python3', ['-c', 'import ensurepip, venv'], env)
      return there === undefined ? 'is not installed' : undefined
    },
  },
  browser: {
    what: 'Chromium or Chrome',
    why: 'tests of the snippet run pages in it',
    debian: 'chromium',
    homebrew: '--cask google-chrome',
    async lacks(env) {
      const path = await findBrowser(env)
      if (path === undefined) return 'was not found on PATH nor in VARAI_BROWSER'
      return (await askTool(path, ['--version'], env)) === undefined ? `does not start (${path})` : undefined
    },
  },
  cargo: {
    what: 'Rust with cargo',
    why: 'the faster MongoDB-protocol database, which benches write to, is built with it',
    debian: 'cargo',
    homebrew: 'rust',
    lacks: (env) => lacksCommand('cargo', env),
  },
  cmake: {
    what: 'CMake (cmake)',
    why: "that database's storage engine is built with it",
    debian: 'cmake',
    homebrew: 'cmake',
    lacks: (env) => lacksCommand('cmake', env),
  },
  cc: {
    what: 'a C compiler (cc)',
    why: "that database's storage engine is compiled by it",
    debian: 'build-essential',
    homebrew: 'gcc',
    lacks: (env) => lacksCommand('cc', env),
  },
}

async function lacksCommand(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return (await askTool(command, ['--version'], env)) === undefined ? 'was not found on PATH' : undefined
}

/** `java` as JAVA_HOME names it, else the one on PATH. */
export const javaCommand = (env: NodeJS.ProcessEnv): string =>
  env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java'

/** 17 from `openjdk version "17.0.15" …`, 8 from `"1.8.0_392"`. */
export function javaMajor(said: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(said) ?? []
  if (first === undefined) return undefined
  return first === '1' && second !== undefined ? Number(second) : Number(first)
}

type Lack = { tool: ToolName; problem: string }

const lacking = async (names: readonly ToolName[], env: NodeJS.ProcessEnv): Promise<Lack[]> => {
  const asked = await Promise.all(names.map(async (tool) => ({ tool, problem: await tools[tool].lacks(env) })))
  return asked.flatMap(({ tool, problem }) => (problem === undefined ? [] : [{ tool, problem }]))
}

/**
 * Makes sure the tools are there: as root on Debian and its kin missing ones are installed by apt-get, announced first;
 * elsewhere, and with `VARAI_INSTALL_TOOLS=no`, the error names each together with what to install.
 */
export async function ensureTools(
  names: readonly ToolName[],
  env: NodeJS.ProcessEnv,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const missing = await lacking(names, env)
  if (missing.length === 0) return
  if (env['VARAI_INSTALL_TOOLS'] !== 'no' && process.getuid?.() === 0 && (await hasAptGet())) {
    await installByApt(missing, env, report, signal)
    const still = await lacking(
      missing.map(({ tool }) => tool),
      env,
    )
    if (still.length > 0) throw new Error(missingTools(still))
    return
  }
  throw new Error(missingTools(missing))
}

export const missingTools = (lacks: readonly Lack[]): string =>
  lacks
    .map(({ tool, problem }) => {
      const { what, why, debian, homebrew } = tools[tool]
      return `${what} ${problem}; ${why}. To get it: Debian, Ubuntu: apt-get install ${debian} · macOS: brew install ${homebrew}`
    })
    .join('\n')

const hasAptGet = () =>
  access('/usr/bin/apt-get').then(
    () => true,
    () => false,
  )

async function installByApt(missing: Lack[], env: NodeJS.ProcessEnv, report: Report, signal: AbortSignal) {
  const packages = missing.map(({ tool }) => tools[tool].debian)
  for (const { tool, problem } of missing) report('note', `${tools[tool].what} ${problem}`)
  report('installing', `running apt-get install ${packages.join(' ')} (as root, on this machine)`)
  const apt = {
    command: '/usr/bin/apt-get',
    cwd: '/',
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    report,
    signal,
  }
  const wait = '-oDPkg::Lock::Timeout=120'
  await runTool({ ...apt, args: ['update', '-q', wait], doing: 'reading the package lists' })
  const install = ['install', '-q', '-y', '--no-install-recommends', wait, ...packages]
  await runTool({ ...apt, args: install, doing: `installing ${packages.join(', ')}` })
}
