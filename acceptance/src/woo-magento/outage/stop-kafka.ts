import { waitUntil } from '@varai/testkit'
import type { ShopsContext } from '../open-shops.ts'

const mebibyte = 1024 * 1024
/** At these shares of what the disk may hold whoever fills it is killed. */
const killedAt = [0.2, 0.5]
const patience = { withinMs: 10 * 60_000, everyMs: 100 }

/**
 * Lets Kafka stand still for so long at least, until ingest-woocommerce was killed twice and started again, and has told
 * a shop that there is no room. Resolves with how long it was, and what `/readyz` said while the disk was full.
 */
export async function stopKafka(
  { system, metric, spoolMebibytes }: ShopsContext,
  { forMs, refused }: { readonly forMs: number; readonly refused: () => boolean },
): Promise<{ readonly seconds: number; readonly readyWhenFull: string }> {
  const ingest = system.service('ingest-woocommerce')
  const bytes = () => metric('ingest-woocommerce', 'varai_ingest_woocommerce_spool_bytes')
  const began = performance.now()
  const elapsed = () => performance.now() - began
  await system.stack.kill('kafka', 'SIGSTOP')
  try {
    for (const share of killedAt) {
      const due = share * spoolMebibytes * mebibyte
      await waitUntil(async () => (await bytes()) >= due, { ...patience, what: `${share * 100} % of the disk` })
      await ingest.kill('SIGKILL')
      await ingest.restart()
    }
    await waitUntil(refused, { ...patience, what: 'the disk is full' })
    const ready = await fetch(new URL('/readyz', ingest.url))
    const readyWhenFull = `${ready.status} ${/the spool is full/.exec(await ready.text())?.[0] ?? ''}`.trim()
    await waitUntil(() => elapsed() >= forMs, { ...patience, what: 'the end of the outage' })
    return { seconds: elapsed() / 1_000, readyWhenFull }
  } finally {
    await system.stack.kill('kafka', 'SIGCONT')
  }
}
