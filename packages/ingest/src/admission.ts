/** How much may be under way at once in one process; beyond it senders are told to come again. */
export type AdmissionLimits = { readonly deliveries: number; readonly bytes: number }

export type Admission = {
  /** Takes a place for a delivery of so many bytes; undefined when there is none. Give it back exactly once. */
  take(bytes: number): (() => void) | undefined
  readonly deliveries: number
  readonly bytes: number
}

/** Bounds memory by what deliveries weigh, not by how many there are: a product may have 10 MiB, most orders 10 KiB. */
export function createAdmission(limits: AdmissionLimits): Admission {
  let deliveries = 0
  let bytes = 0
  return {
    take(size) {
      if (deliveries >= limits.deliveries || bytes + size > limits.bytes) return undefined
      deliveries += 1
      bytes += size
      let held = true
      return () => {
        if (!held) return
        held = false
        deliveries -= 1
        bytes -= size
      }
    },
    get deliveries() {
      return deliveries
    },
    get bytes() {
      return bytes
    },
  }
}
