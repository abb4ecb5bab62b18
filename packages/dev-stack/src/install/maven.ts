import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pRetry from 'p-retry'
import type { Report } from '../progress.ts'
import { runTool } from './run-tool.ts'

/** `group:artifact:version[:type[:classifier]]` */
export type Coordinates = `${string}:${string}:${string}`

type Download = { doing: string; env: NodeJS.ProcessEnv; report: Report; signal: AbortSignal }

const plugin = (version: string, goal: string) => `org.apache.maven.plugins:maven-dependency-plugin:${version}:${goal}`
// Batch mode prints one line for each file; a file whose checksum is wrong fails instead of being taken.
const flags = ['--batch-mode', '--strict-checksums', '-Dstyle.color=never']

/** Downloads the artifacts and all they need at run time as jars into `dir`, which appears in it when it is complete. */
export async function downloadWithDependencies(roots: readonly Coordinates[], dir: string, download: Download) {
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'pom.xml'), pomOf(roots))
  const args = [...flags, plugin('3.8.1', 'copy-dependencies'), '-DincludeScope=runtime', `-DoutputDirectory=${dir}`]
  await maven(args, dir, download)
}

/** Downloads one file, without what it depends on, into `dir`. */
export async function downloadArtifact(artifact: Coordinates, dir: string, download: Download) {
  await mkdir(dir, { recursive: true })
  const copy = (version: string) =>
    maven([...flags, plugin(version, 'copy'), `-Dartifact=${artifact}`, `-DoutputDirectory=${dir}`], dir, download)
  try {
    // The old plugin fetches just the file. The present one reads the project's description and its parents' first,
    // and fails where a parent (Apicurio 3.0.9 has such) was never published; but Maven 4 knows only the present one.
    await copy('2.10')
  } catch (error) {
    download.signal.throwIfAborted()
    await copy('3.8.1').catch(() => {
      throw error
    })
  }
}

async function maven(args: readonly string[], cwd: string, download: Download): Promise<void> {
  const watch = countDownloads()
  await pRetry(() => runTool({ ...download, command: 'mvn', args, cwd, watch }), {
    retries: 2,
    minTimeout: 2_000,
    signal: download.signal,
    shouldRetry: ({ error }) => couldPass(error.message),
    onFailedAttempt: ({ retriesLeft }) => {
      if (retriesLeft > 0) download.report('note', `${download.doing} failed, trying again`)
    },
  })
}

/** What a second try may cure: the network, and another Maven that wrote to the same local repository. */
const couldPass = (message: string) =>
  /timed? ?out|refused|reset|transfer|checksum|unknown host|50[0-9]|premature/i.test(message)

const unit = { B: 1e-6, kB: 1e-3, MB: 1, GB: 1e3 }

/** Reads Maven's `Downloaded from …: … (1.2 MB at 3 MB/s)` lines; answers with `12 files, 8.1 MB`. */
export function countDownloads(): (line: string) => string | undefined {
  let files = 0
  let megabytes = 0
  return (line) => {
    const [, amount, of] = /Downloaded from .*\(([\d.]+) (B|kB|MB|GB) at /.exec(line) ?? []
    if (of !== 'B' && of !== 'kB' && of !== 'MB' && of !== 'GB') return undefined
    files += 1
    megabytes += Number(amount) * unit[of]
    return `${files} files, ${megabytes.toFixed(1)} MB`
  }
}

function pomOf(roots: readonly Coordinates[]): string {
  const dependencies = roots.map((root) => {
    const [group, artifact, version] = root.split(':')
    return `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  })
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    '  <modelVersion>4.0.0</modelVersion>',
    '  <groupId>dev.varai</groupId><artifactId>dev-stack</artifactId><version>1</version><packaging>pom</packaging>',
    '  <dependencies>',
    ...dependencies,
    '  </dependencies>',
    '</project>',
    '',
  ].join('\n')
}
