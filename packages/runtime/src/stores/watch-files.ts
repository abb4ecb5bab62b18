import { type FSWatcher, watch } from 'node:fs'
import { dirname, resolve } from 'node:path'

export type FileWatch = {
  /** Watches these files from now on, instead of those before. */
  follow(paths: readonly string[]): void
  close(): void
}

/**
 * Calls `changed` some time after the content of a watched file changed, at least once for the last of several
 * changes. Folders are watched rather than files, because editors replace files and Kubernetes swaps a symlink; a slow
 * poll finds what no event told (network file systems, exhausted watches). Never keeps the process alive.
 */
export function watchFiles(options: {
  readonly changed: () => void
  readonly quietMs: number
  readonly pollMs: number
}): FileWatch {
  const watchers = new Map<string, FSWatcher>()
  let quiet: NodeJS.Timeout | undefined
  // An event only hastens the look that the poll takes anyway, so a lost or a needless one does no harm.
  const soon = () => {
    clearTimeout(quiet)
    quiet = setTimeout(options.changed, options.quietMs).unref()
  }
  const poll = setInterval(options.changed, options.pollMs).unref()

  function watchFolder(folder: string): void {
    const drop = () => {
      watchers.get(folder)?.close()
      watchers.delete(folder)
    }
    try {
      watchers.set(folder, watch(folder, { persistent: false }, soon).on('error', drop))
    } catch {
      // No such folder (yet), or no watch left: the poll still sees the change.
    }
  }

  return {
    follow(paths) {
      const folders = new Set(paths.map((path) => dirname(resolve(path))))
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue
        watcher.close()
        watchers.delete(folder)
      }
      for (const folder of folders) if (!watchers.has(folder)) watchFolder(folder)
    },
    close() {
      clearTimeout(quiet)
      clearInterval(poll)
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}
