/**
 * Runs the work while no other tab runs any under this name. Browsers without Web Locks, and pages without TLS, run it
 * at once: what two tabs then send twice has the same id twice.
 */
export function oneTab(name: string, work: () => Promise<unknown>): void {
  const running = navigator.locks ? navigator.locks.request(`varai.${name}`, work) : work()
  running.catch(() => undefined)
}
