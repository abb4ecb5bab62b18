// The one door for people and CI: `npm start`, `npm test`, `npm run check|acceptance|bench|varai`.
// Plain JavaScript that any Node >= 20 runs, because it comes before the install: it installs what the lock file
// names (pnpm through npx, nothing global), then hands over to the Node 24 that the install brought.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const pnpm = `pnpm@${manifest.devEngines.packageManager.version}`
const bin = join(root, 'node_modules', '.bin')
const marker = join(root, 'node_modules', '.varai-installed')

const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 20) {
  console.error(`Varai Sync needs Node 20 or newer to begin with; this is ${process.version}.`)
  process.exit(1)
}

/** What must be installed: the lock file's hash, and the platform, because native parts differ. */
const wanted = `${createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .digest('hex')} ${process.platform}-${process.arch}`
if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
  console.error('Installing the packages that pnpm-lock.yaml names (once, and again when it changes) …')
  const log = spawnSync('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (log.status !== 0) {
    console.error(`${log.stdout ?? ''}${log.stderr ?? ''}\nThe install failed; its output is above.`)
    process.exit(1)
  }
  writeFileSync(marker, wanted)
}

const [command = 'help', ...rest] = process.argv.slice(2)
const child = spawn(
  join(bin, 'node'),
  ['--disable-warning=ExperimentalWarning', join(root, 'tools', 'main.ts'), command, ...rest],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
  },
)
// Ctrl-C reaches the child through the terminal's process group; a plain `kill` of this process must reach it too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
